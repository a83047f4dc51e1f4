import type { OnProgress } from '../../store/index.js';
import type { DensityEstimate } from '../estimate.js';
import { type KernelName, kernelNamed } from '../kernels.js';
import { startingReferences } from '../starting-references.js';
import { finish } from './finish.js';
import { type Int8Points, int8Tiles } from './int8-points.js';
import { type Int8Product, openInt8Product } from './int8-product.js';
import { Int8Sum } from './int8-sum.js';
import { roundQueries } from './query-roundings.js';
import { ROUNDINGS, roundingOf } from './stretch.js';

/** Settings of a pass over quantised points. */
export interface Int8PassOptions {
  kernel: KernelName;
  bandwidth: number;
  neighbours: number;
  relativeError: number;
  seed: number;
  /** The step that queries are rounded to multiples of. */
  queryScale: number;
  threads?: number;
  onProgress?: OnProgress;
}

const BLOCK_QUERIES = 512;
/** Points nearest to each query that may be computed again. */
const REFINED = 32;

/**
 * Estimates from the quantised points, a block of queries after another.
 *
 * @param queries `(queries, dims)` row-major
 * @returns one a query, undefined where rounding leaves too much uncertain
 */
export async function int8Pass(
  queries: Float32Array,
  points: readonly Int8Points[],
  options: Int8PassOptions,
): Promise<(DensityEstimate | undefined)[]> {
  const { bandwidth, neighbours } = options;
  const { dims } = points[0]!.reader;
  const kernel = kernelNamed(options.kernel);
  const product = await openInt8Product(kernel, bandwidth, dims, options);
  const references = startingReferences(queries, points, (r) => kernel.log(r, bandwidth));
  const n = points.reduce((all, { rows }) => all + rows, 0);
  const count = queries.length / dims;
  const estimates: (DensityEstimate | undefined)[] = [];
  for (let first = 0; first < count; first += BLOCK_QUERIES) {
    const block = queries.subarray(first * dims, (first + BLOCK_QUERIES) * dims);
    const few = n <= REFINED;
    const sums = Array.from(references.subarray(first, first + BLOCK_QUERIES), (reference) => {
      return new Int8Sum(reference, REFINED + neighbours, few || neighbours > 0);
    });
    const squaredScale = await addTiles(product, block, points, sums, options, (rows) =>
      options.onProgress?.({
        step: `${options.kernel} density, int8`,
        done: Math.floor((first * n + (block.length / dims) * rows) / count),
        total: n,
        unit: 'points',
      }),
    );
    const queryVariance = roundingVariance(options.queryScale ** 2);
    const variance = {
      pair: roundingVariance(squaredScale) + queryVariance,
      common: queryVariance / ROUNDINGS ** 2,
    };
    estimates.push(...finish(block, points, sums, { ...options, kernel, variance }));
  }
  return estimates;
}

/** ⌊y + u⌋ − y has the variance f(1 − f), f being what is behind y's point, and that is 1/6 on average over f. */
function roundingVariance(squaredScale: number): number {
  return squaredScale / 6;
}

/** Adds all points to the sums of a block of queries, and gives the mean squared scale of the points. */
async function addTiles(
  product: Int8Product,
  block: Float32Array,
  points: readonly Int8Points[],
  sums: readonly Int8Sum[],
  { seed, queryScale }: Int8PassOptions,
  onRows: (done: number) => void,
): Promise<number> {
  const rounded = roundQueries(block, points[0]!.reader.dims, queryScale, seed);
  let [rows, squaredScales] = [0, 0];
  for (const { stretch, number, tile, corpusStart } of int8Tiles(points, seed)) {
    const run = () => {
      const shift = Float32Array.from(sums, ({ logReference }) => -logReference);
      return product.run(rounded, roundingOf(number, stretch), tile, shift);
    };
    let values = await run();
    while (sums.map((sum, q) => sum.moveReference(values, q)).includes(true)) values = await run();
    sums.forEach((sum, q) => {
      sum.addTile(values, q, tile, corpusStart);
    });
    for (let column = 0; column < tile.filled; column++) squaredScales += tile.scales[column]! ** 2;
    rows += tile.filled;
    onRows(rows);
  }
  return squaredScales / rows;
}
