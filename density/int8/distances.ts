import { distance } from '../distance.js';
import type { Int8Points } from './int8-points.js';
import type { NearPoint } from './near-points.js';

/** A near point with its distance from the query, in float64. */
export interface MeasuredPoint {
  query: number;
  /** The log kernel as it was summed, nats. */
  log: number;
  /** Which of the points' corpora, and its row there. */
  corpus: number;
  row: number;
  distance: number;
  /** Counted over all corpora, where shares are asked for. */
  source: number | undefined;
}

/** Rows that are read at once where several of them are wanted. */
const WINDOW_ROWS = 16;

/**
 * The distances of near points from the vectors themselves, read in the order of the rows.
 *
 * @param queries `(queries, dims)` row-major
 */
export function measureDistances(
  queries: Float32Array,
  points: readonly Int8Points[],
  near: readonly NearPoint[],
): MeasuredPoint[] {
  const inOrder = [...near].sort((a, b) => a.row - b.row);
  const measured: MeasuredPoint[] = [];
  let [at, corpusStart] = [0, 0];
  for (const [corpus, { reader, rows, sourceOfRow }] of points.entries()) {
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
        const { query, row, log } = inOrder[at]!;
        const r = distance(queries, query * dims, window, (row - first) * dims, dims);
        const inCorpus = row - corpusStart;
        const source = sourceOfRow?.[inCorpus];
        measured.push({ query, log, corpus, row: inCorpus, distance: r, source });
      }
    }
    corpusStart = corpusEnd;
  }
  return measured;
}
