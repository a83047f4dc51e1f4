import { bisectRight, cumsum } from 'd3';
import type { Points } from '../points.js';

/** A simple random sample of the points of all corpora. */
export interface RowSample {
  /** `(rows, dims)` row-major. */
  vectors: Float32Array;
  /** Which of the `points` each row is from, and its row there. */
  corpora: Int32Array;
  ids: Int32Array;
}

/**
 * Draws `count` rows without replacement (Floyd's algorithm), in ascending order.
 *
 * @param random gives numbers from 0 up to 1
 */
export function drawRows(points: readonly Points[], count: number, random: () => number): RowSample {
  const { dims } = points[0]!.reader;
  const ends = cumsum(points, ({ documentOfRow }) => documentOfRow.length);
  const total = ends.at(-1)!;
  const rows = new Set<number>();
  for (let top = total - count; top < total; top++) {
    const row = Math.floor(random() * (top + 1));
    rows.add(rows.has(row) ? top : row);
  }
  const sample = {
    vectors: new Float32Array(count * dims),
    corpora: new Int32Array(count),
    ids: new Int32Array(count),
  };
  Float64Array.from(rows)
    .sort()
    .forEach((row, at) => {
      const corpus = bisectRight(ends, row);
      const { reader, documentOfRow } = points[corpus]!;
      const id = row - (ends[corpus]! - documentOfRow.length);
      reader.read(id, 1, sample.vectors.subarray(at * dims));
      sample.corpora[at] = corpus;
      sample.ids[at] = id;
    });
  return sample;
}
