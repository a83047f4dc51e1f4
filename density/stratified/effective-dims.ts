import { randomLcg } from 'd3';
import { openFarSample } from './far-sample.js';
import type { Strata } from './strata.js';

/** Points that the spread is measured on, and how many of them take the place of queries. */
const ROWS = 256;
const QUERIES = 32;
const SEED = 1;

/**
 * How many dims the points of a tile spread over: their spread over the variance of their products with other points, of a few
 * points that are the same each time.
 *
 * @param meanOf the mean of a tile
 */
export function effectiveDims(
  strata: Pick<Strata, 'dims' | 'drawable' | 'ends' | 'sizes' | 'read'>,
  meanOf: (tile: number) => Float32Array,
): number {
  const { dims } = strata;
  const { vectors, tiles } = openFarSample(strata, randomLcg(SEED))(ROWS);
  const queries = Math.min(QUERIES, tiles.length >> 1);
  let [spread, variance] = [0, 0];
  for (let row = queries; row < tiles.length; row++) {
    const mean = meanOf(tiles[row]!);
    spread += queries * spreadOf(mean);
    for (let query = 0; query < queries; query++) {
      let residual = 0;
      for (let j = 0; j < dims; j++)
        residual += vectors[query * dims + j]! * (vectors[row * dims + j]! - mean[j]!);
      variance += residual ** 2;
    }
  }
  return variance > 0 ? Math.min(dims, Math.max(1, spread / variance)) : dims;
}

/** E‖x − mean‖² over the unit vectors of a tile. */
export function spreadOf(mean: Float32Array): number {
  let squares = 0;
  for (const x of mean) squares += x * x;
  return Math.max(0, 1 - squares);
}
