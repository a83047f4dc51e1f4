import { group } from 'd3';
import { type Int8Points, int8Tiles } from './int8-points.js';
import type { Int8Product } from './int8-product.js';
import { blockOf } from './quantised-tile.js';
import type { QueryRoundings } from './query-roundings.js';
import { roundingOf, TILE_BLOCKS } from './stretch.js';

/** The blocks of a query to look into again, numbered over all tiles. */
export interface WantedBlocks {
  blocks: ArrayLike<number>;
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
 * Runs wanted blocks again, with the queries that want them, for the points in them.
 *
 * @param wanted one a query
 */
export async function findNearPoints(
  product: Int8Product,
  rounded: QueryRoundings,
  points: readonly Int8Points[],
  wanted: readonly WantedBlocks[],
  seed: number,
): Promise<NearPoint[]> {
  const found: NearPoint[] = [];
  const pairs = wanted.flatMap(({ blocks }, query) => Array.from(blocks, (block) => ({ query, block })));
  const blocksOfTile = group(
    pairs,
    ({ block }) => Math.floor(block / TILE_BLOCKS),
    ({ block }) => block % TILE_BLOCKS,
  );
  const tiles = pairs.length > 0 ? int8Tiles(points, seed, (index) => blocksOfTile.has(index)) : [];
  for (const { stretch, number, tile, corpusStart, index } of tiles) {
    for (const [inTile, asking] of blocksOfTile.get(index)!) {
      const { rows, ...block } = blockOf(tile, inTile);
      const queries = asking.map(({ query }) => query);
      const logs = await product.logs(rounded, roundingOf(number, stretch), block, queries);
      for (const [i, query] of queries.entries()) {
        const { above, atMost } = wanted[query]!;
        for (let column = 0; column < block.filled; column++) {
          const log = logs[i * block.columns + column]!;
          if (log > above && log <= atMost) found.push({ query, row: corpusStart + rows[column]!, log });
        }
      }
    }
  }
  return found;
}
