import { range, shuffler } from 'd3';
import { openAssigner } from './assigner.js';
import { sphericalKmeans } from './kmeans.js';
import type { Sample } from './sample.js';
import { randomStream } from './streams.js';

/** Rows of a tile come in this many more, as products are computed. */
const ROW_GROUP = 16;
/** √n a group: lists get longer with √n, and so do tiles. */
const ROOT_A_GROUP = 256;
/** No tile has more rows than so many times those that are meant. */
const LONGEST = 4;
const ITERATIONS = 5;

/** Rows that a tile of a corpus of `rows` is meant to have. */
export function tileRowsFor(rows: number): number {
  return ROW_GROUP * Math.max(1, Math.round(Math.sqrt(rows) / ROOT_A_GROUP));
}

/** Rows of a list put into tiles. */
export interface TiledRows {
  /** The rows, tile after tile, in random order in each: a stretch of a tile is a random draw from it. */
  order: Int32Array;
  /** How many there are of each tile. */
  sizes: number[];
}

/**
 * Divides the rows of a list by k-means into tiles whose rows lie near each other.
 *
 * @param vectors `(rows, dims)` row-major
 * @param tileRows how many rows a tile is meant to have; it has at most four times as many
 * @param seed an integer
 * @param stream numbers the shuffles of one seed
 */
export async function divideIntoTiles(
  vectors: Float32Array,
  dims: number,
  tileRows: number,
  { seed, stream }: { seed: number; stream: number },
): Promise<TiledRows> {
  const rows = vectors.length / dims;
  const tiles = Math.ceil(rows / tileRows);
  const nearest = await nearestTiles(vectors, dims, tiles, seed);
  const counts = new Int32Array(Math.max(1, tiles));
  for (const tile of nearest) counts[tile]!++;
  const next = counts.map((_, tile) => counts.subarray(0, tile).reduce((sum, count) => sum + count, 0));
  const order = new Int32Array(rows);
  for (const row of shuffler(randomStream(seed, stream))(range(rows))) order[next[nearest[row]!]!++] = row;
  return { order, sizes: [...counts].flatMap((count) => inEqualParts(count, LONGEST * tileRows)) };
}

function inEqualParts(count: number, most: number): number[] {
  const parts = Math.ceil(count / most);
  return Array.from({ length: parts }, (_, part) => {
    return Math.floor(((part + 1) * count) / parts) - Math.floor((part * count) / parts);
  });
}

async function nearestTiles(
  vectors: Float32Array,
  dims: number,
  tiles: number,
  seed: number,
): Promise<Int32Array> {
  const rows = vectors.length / dims;
  const nearest = new Int32Array(rows);
  if (tiles <= 1) return nearest;
  const sample: Sample = {
    ...{ dims, rows },
    tile: (first, count) => vectors.subarray(first * dims, (first + count) * dims),
    close() {},
  };
  const { centroids } = await sphericalKmeans(sample, { lists: tiles, seed, iterations: ITERATIONS });
  const assigner = await openAssigner(centroids, dims);
  const scores = new Float32Array(assigner.tileRows);
  for (let from = 0; from < rows; from += assigner.tileRows) {
    const to = Math.min(rows, from + assigner.tileRows);
    await assigner.assign(vectors.subarray(from * dims, to * dims), nearest.subarray(from, to), scores);
  }
  return nearest;
}
