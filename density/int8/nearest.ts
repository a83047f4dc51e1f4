import { distance } from '../distance.js';
import type { Int8Points } from './int8-points.js';

/** A point to compute again: a query, and a row counted over all corpora. */
export interface Wanted {
  query: number;
  row: number;
}

/** A point with its distance from a query, in float64. */
export interface NearPoint {
  query: number;
  corpusId: number;
  row: number;
  distance: number;
}

/** Rows that are read at once where several of them are wanted. */
const WINDOW_ROWS = 16;

/**
 * The distances of pairs of queries and points from the vectors themselves, read in the order of the rows.
 *
 * @param queries `(queries, dims)` row-major
 */
export function distancesOf(
  queries: Float32Array,
  points: readonly Int8Points[],
  wanted: readonly Wanted[],
): NearPoint[] {
  const inOrder = [...wanted].sort((a, b) => a.row - b.row);
  const near: NearPoint[] = [];
  let [at, corpusStart] = [0, 0];
  for (const { corpusId, reader, rows } of points) {
    const { dims } = reader;
    const corpusEnd = corpusStart + rows;
    const window = new Float32Array(WINDOW_ROWS * dims);
    while (at < inOrder.length && inOrder[at]!.row < corpusEnd) {
      const first = inOrder[at]!.row;
      const end = Math.min(first + WINDOW_ROWS, corpusEnd);
      let last = at;
      while (last + 1 < inOrder.length && inOrder[last + 1]!.row < end) last++;
      reader.read(first - corpusStart, inOrder[last]!.row - first + 1, window);
      for (; at <= last; at++) {
        const { query, row } = inOrder[at]!;
        const r = distance(queries, query * dims, window, (row - first) * dims, dims);
        near.push({ query, corpusId, row: row - corpusStart, distance: r });
      }
    }
    corpusStart = corpusEnd;
  }
  return near;
}
