import { bisectRight } from 'd3';
import type { Strata } from './strata.js';

/** The rows of a simple random sample of all points that may be drawn that lie in some tiles; all queries share it. */
export interface FarSample {
  /** Rows of the whole sample. */
  readonly rows: number;
  /** `(rows, dims)` row-major. */
  readonly vectors: Float32Array;
  /** The tile of each row, and its row in its corpus. */
  readonly tiles: Int32Array;
  readonly ids: Int32Array;
}

/** Gives the sample with so many rows; a longer one contains the shorter ones, and only what is new is read. */
export type GrowFarSample = (count: number) => FarSample;

/**
 * Opens a sample that has no rows yet.
 *
 * @param random gives numbers from 0 up to 1
 * @param has whether the rows of a tile are wanted; the sample is the same whatever is
 */
export function openFarSample(
  { dims, drawable, ends, sizes, read }: Pick<Strata, 'dims' | 'drawable' | 'ends' | 'sizes' | 'read'>,
  random: () => number,
  has: (tile: number) => boolean = () => true,
): GrowFarSample {
  const drawn = new Set<number>();
  /** The rows of wanted tiles: how many rows had been drawn before each, and where it is. */
  const places: { before: number; tile: number; place: number }[] = [];
  let vectors = new Float32Array(0);
  let ids = new Int32Array(0);
  return (count) => {
    const rows = Math.min(count, drawable);
    const known = places.length;
    while (drawn.size < rows) {
      const before = drawn.size;
      const row = drawOther(drawn, drawable, random);
      const tile = bisectRight(ends, row);
      if (has(tile)) places.push({ before, tile, place: row - (ends[tile]! - sizes[tile]!) });
    }
    if (places.length > known) {
      const [oldVectors, oldIds] = [vectors, ids];
      vectors = new Float32Array(places.length * dims);
      ids = new Int32Array(places.length);
      vectors.set(oldVectors);
      ids.set(oldIds);
      for (let at = known; at < places.length; at++) {
        const { tile, place } = places[at]!;
        read(tile, vectors.subarray(at * dims, (at + 1) * dims), ids.subarray(at, at + 1), place, 1);
      }
    }
    const had = places.findIndex(({ before }) => before >= rows);
    const length = had < 0 ? places.length : had;
    return {
      rows,
      vectors: vectors.subarray(0, length * dims),
      ids: ids.subarray(0, length),
      tiles: Int32Array.from({ length }, (_, at) => places[at]!.tile),
    };
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
