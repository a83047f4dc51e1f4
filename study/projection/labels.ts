import { blur2, greatest, range } from 'd3';
import type { PlaceLabel } from '../../store/index.js';

/** Cells a side of the grid on which crowded places are looked for, and how far it is blurred, in cells. */
const CELLS = 32;
const BLUR = 1;
const LABELS = 16;
const WORDS = 3;
/** A word must be so many times as frequent among a label's texts as among all. */
const LIFT = 2;
/** A word must be in so many of a label's texts, and a label stand for so many. */
const TEXTS_WITH_WORD = 3;
const LANDMARKS = 12;
/** A landmark belongs to the nearest crowded place within so many cells. */
const REACH = 4;

/**
 * Names the crowded places of a projection by the words that tell their texts from all: the largest p·log(p/q), with p the share of the place's
 * texts that have the word and q that of all texts (pointwise relative entropy; Tomokiyo and Hurst 2003).
 *
 * @param places `(rows, 2)` of landmarks
 * @param texts one a landmark
 */
export function labelPlaces(places: Float32Array, texts: readonly string[]): PlaceLabel[] {
  if (texts.length === 0) return [];
  const grid = gridOf(places);
  const peaks = crowded(grid).slice(0, LABELS);
  const members = peaks.map((): number[] => []);
  texts.forEach((_, i) => {
    const [column, row] = cellOf(grid, places[2 * i]!, places[2 * i + 1]!);
    const distances = peaks.map((peak) => Math.hypot(peak.column + 0.5 - column, peak.row + 0.5 - row));
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest]! <= REACH) members[nearest]!.push(i);
  });
  const words = texts.map(wordsOf);
  const overall = textsWith(words);
  return peaks.flatMap((peak, p): PlaceLabel[] => {
    const own = members[p]!;
    if (own.length < LANDMARKS) return [];
    const telling = [...textsWith(own.map((i) => words[i]!))]
      .filter(([, count]) => count >= TEXTS_WITH_WORD)
      .map(([word, count]) => {
        const share = count / own.length;
        const lift = (share * texts.length) / overall.get(word)!;
        return { word, lift, score: share * Math.log(lift) };
      })
      .filter(({ lift }) => lift >= LIFT)
      .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .slice(0, WORDS)
      .map(({ word }) => word);
    if (telling.length === 0) return [];
    const at = { x: grid.x + (peak.column + 0.5) * grid.width, y: grid.y + (peak.row + 0.5) * grid.height };
    return [{ ...at, words: telling, landmarks: own.length }];
  });
}

interface Grid {
  x: number;
  y: number;
  width: number;
  height: number;
  counts: Float64Array;
}

function gridOf(places: Float32Array): Grid {
  const xs = places.filter((_, i) => i % 2 === 0);
  const ys = places.filter((_, i) => i % 2 === 1);
  const [x, y] = [least(xs), least(ys)];
  const grid: Grid = {
    ...{ x, y, width: (most(xs) - x) / CELLS || 1, height: (most(ys) - y) / CELLS || 1 },
    counts: new Float64Array(CELLS * CELLS),
  };
  for (let i = 0; i < xs.length; i++) {
    const [column, row] = cellOf(grid, xs[i]!, ys[i]!).map((at) => Math.min(CELLS - 1, Math.floor(at))) as [
      number,
      number,
    ];
    grid.counts[row * CELLS + column]!++;
  }
  blur2({ data: grid.counts, width: CELLS, height: CELLS }, BLUR);
  return grid;
}

function cellOf({ x, y, width, height }: Grid, atX: number, atY: number): [column: number, row: number] {
  return [(atX - x) / width, (atY - y) / height];
}

/** Cells more crowded than all around them, the most crowded first. */
function crowded({ counts }: Grid): { column: number; row: number }[] {
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= CELLS || row >= CELLS ? 0 : counts[row * CELLS + column]!;
  return range(CELLS * CELLS)
    .map((cell) => ({ column: cell % CELLS, row: Math.floor(cell / CELLS) }))
    .filter(({ column, row }) => {
      const own = at(column, row);
      const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => ({ dx, dy })));
      const highest = greatest(around, ({ dx, dy }) => at(column + dx, row + dy))!;
      return own > 0 && at(column + highest.dx, row + highest.dy) === own;
    })
    .sort((a, b) => at(b.column, b.row) - at(a.column, a.row));
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{L}{3,}/gu));
}

/** In how many of the texts each word is. */
function textsWith(texts: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const least = (values: Float32Array) => values.reduce((low, value) => Math.min(low, value), Infinity);
const most = (values: Float32Array) => values.reduce((high, value) => Math.max(high, value), -Infinity);
