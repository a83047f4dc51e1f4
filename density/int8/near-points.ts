import { group } from 'd3';
import { type Int8Points, int8Tiles } from './int8-points.js';
import type { Int8Product } from './int8-product.js';
import type { QueryRoundings } from './query-roundings.js';
import { roundingOf } from './stretch.js';

/** The tiles of a query to look into again. */
export interface WantedTiles {
  tiles: ArrayLike<number>;
  /** Their points are wanted where the log kernel is above this, nats, and not above `atMost`. */
  above: number;
  atMost: number;
}

/** A point that weighs much for a query: its row counted over all corpora, and its log kernel as it was summed, nats. */
export interface NearPoint {
  query: number;
  row: number;
  log: number;
}

/**
 * Runs wanted tiles again, with the queries that want them, for the points in them.
 *
 * @param wanted one a query
 */
export async function findNearPoints(
  product: Int8Product,
  rounded: QueryRoundings,
  points: readonly Int8Points[],
  wanted: readonly WantedTiles[],
  seed: number,
): Promise<NearPoint[]> {
  const found: NearPoint[] = [];
  const pairs = wanted.flatMap(({ tiles }, query) => Array.from(tiles, (tile) => ({ query, tile })));
  if (pairs.length === 0) return found;
  const queriesOfTile = group(pairs, ({ tile }) => tile);
  for (const { stretch, number, tile, corpusStart, index } of int8Tiles(points, seed, (index) =>
    queriesOfTile.has(index),
  )) {
    const queries = queriesOfTile.get(index)!.map(({ query }) => query);
    const logs = await product.logs(rounded, roundingOf(number, stretch), tile, queries);
    for (const [i, query] of queries.entries()) {
      const { above, atMost } = wanted[query]!;
      const own = logs.subarray(i * tile.columns, i * tile.columns + tile.filled);
      for (const [column, log] of own.entries()) {
        if (log > above && log <= atMost) found.push({ query, row: corpusStart + tile.rows[column]!, log });
      }
    }
  }
  return found;
}
