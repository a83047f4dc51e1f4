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

/** Gives the sample with so many rows; a longer one contains the shorter ones, and only what is new is read. */
export type GrowFarSample = (count: number) => FarSample;

/**
 * Opens a sample that has no rows yet.
 *
 * @param random gives numbers from 0 up to 1
 */
export function openFarSample(strata: Strata, random: () => number): GrowFarSample {
  const { dims, corpora, corpusOf, firstLists, sizes } = strata;
  const ends = new Float64Array(sizes.length);
  let end = 0;
  for (let list = 0; list < sizes.length; list++) {
    if (corpora[corpusOf[list]!]!.shuffled) end += sizes[list]!;
    ends[list] = end;
  }
  const drawn = new Set<number>();
  const places = new Int32Array(1);
  let sample: FarSample = { vectors: new Float32Array(0), lists: new Int32Array(0), ids: new Int32Array(0) };
  return (count) => {
    const rows = Math.min(count, end);
    if (rows <= drawn.size) return sample;
    const grown = {
      vectors: new Float32Array(rows * dims),
      lists: new Int32Array(rows),
      ids: new Int32Array(rows),
    };
    grown.vectors.set(sample.vectors);
    grown.lists.set(sample.lists);
    grown.ids.set(sample.ids);
    for (let at = drawn.size; at < rows; at++) {
      const row = drawOther(drawn, end, random);
      const list = bisectRight(ends, row);
      const corpus = corpusOf[list]!;
      const into = {
        vectors: grown.vectors.subarray(at * dims, (at + 1) * dims),
        ids: grown.ids.subarray(at, at + 1),
      };
      const place = row - (ends[list]! - sizes[list]!);
      corpora[corpus]!.read(list - firstLists[corpus]!, place, 1, { ...into, places });
      grown.lists[at] = list;
    }
    sample = grown;
    return sample;
  };
}

/** A number below `below` that was not drawn before. */
function drawOther(drawn: Set<number>, below: number, random: () => number): number {
  for (;;) {
    const row = Math.floor(random() * below);
    if (drawn.has(row)) continue;
    drawn.add(row);
    return row;
  }
}
