import { group } from 'd3';
import { SPAN } from '../tile-kernel.js';
import type { Int8Points } from './int8-points.js';
import { int8Tiles } from './int8-points.js';
import type { Int8Product } from './int8-product.js';
import type { QueryRoundings } from './query-roundings.js';
import { roundingOf } from './stretch.js';

/** The spans of a query to look into again. */
export interface WantedSpans {
  spans: ArrayLike<number>;
  /** Points of the spans are wanted where their log kernel is above this, nats. */
  above: number;
}

/** A point that weighs much for a query: its row counted over all corpora, and its log kernel as it was summed, nats. */
export interface NearPoint {
  query: number;
  row: number;
  log: number;
}

/**
 * Runs the tiles again that hold wanted spans, with the queries that want them, for the points in them.
 *
 * @param wanted one a query
 */
export async function findNearPoints(
  product: Int8Product,
  rounded: QueryRoundings,
  points: readonly Int8Points[],
  wanted: readonly WantedSpans[],
  seed: number,
): Promise<NearPoint[]> {
  const found: NearPoint[] = [];
  const pairs = wanted.flatMap(({ spans }, query) => Array.from(spans, (span) => ({ query, span })));
  if (pairs.length === 0) return found;
  pairs.sort((a, b) => a.span - b.span);
  let at = 0;
  for (const { stretch, number, tile, corpusStart, firstSpan } of int8Tiles(points, seed)) {
    const end = firstSpan + tile.columns / SPAN;
    const from = at;
    while (at < pairs.length && pairs[at]!.span < end) at++;
    if (at === from) continue;
    const spansOf = group(pairs.slice(from, at), ({ query }) => query);
    const queries = [...spansOf.keys()];
    const logs = await product.logs(rounded, roundingOf(number, stretch), tile, queries);
    for (const [i, query] of queries.entries()) {
      for (const { span } of spansOf.get(query)!) {
        const first = (span - firstSpan) * SPAN;
        for (let column = first; column < Math.min(first + SPAN, tile.filled); column++) {
          const log = logs[i * tile.columns + column]!;
          if (log > wanted[query]!.above) found.push({ query, row: corpusStart + tile.rows[column]!, log });
        }
      }
    }
  }
  return found;
}
