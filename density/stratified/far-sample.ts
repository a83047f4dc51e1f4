import { bisectRight } from 'd3';
import type { Strata } from './strata.js';

/** A simple random sample of all points that may be drawn; all queries share it. */
export interface FarSample {
  /** `(rows, dims)` row-major. */
  readonly vectors: Float32Array;
  /** The list of each row, and its row in its corpus. */
  readonly lists: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Draws the sample.
 *
 * @param count of rows
 * @param random gives numbers from 0 up to 1
 */
export function drawFarSample(strata: Strata, count: number, random: () => number): FarSample {
  const { dims, corpora, corpusOf, firstLists, sizes } = strata;
  const ends = new Float64Array(sizes.length);
  let end = 0;
  for (let list = 0; list < sizes.length; list++) {
    if (corpora[corpusOf[list]!]!.shuffled) end += sizes[list]!;
    ends[list] = end;
  }
  const drawn = drawDistinct(end, Math.min(count, end), random);
  const sample = {
    vectors: new Float32Array(drawn.length * dims),
    lists: new Int32Array(drawn.length),
    ids: new Int32Array(drawn.length),
  };
  const places = new Int32Array(1);
  drawn.forEach((row, at) => {
    const list = bisectRight(ends, row);
    const place = row - (ends[list]! - sizes[list]!);
    const corpus = corpusOf[list]!;
    const vectors = sample.vectors.subarray(at * dims, (at + 1) * dims);
    const ids = sample.ids.subarray(at, at + 1);
    corpora[corpus]!.read(list - firstLists[corpus]!, place, 1, { vectors, ids, places });
    sample.lists[at] = list;
  });
  return sample;
}

/** `count` different numbers below `below`, ascending (Floyd's algorithm). */
function drawDistinct(below: number, count: number, random: () => number): Float64Array {
  const drawn = new Set<number>();
  for (let top = below - count; top < below; top++) {
    const row = Math.floor(random() * (top + 1));
    drawn.add(drawn.has(row) ? top : row);
  }
  return Float64Array.from(drawn).sort();
}
