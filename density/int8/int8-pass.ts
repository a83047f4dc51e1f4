import { group } from 'd3';
import type { OnProgress } from '../../store/index.js';
import { type KernelName, kernelNamed } from '../kernels.js';
import { measureDistances } from './distances.js';
import { finish, type Int8Estimate, wantedBlocks } from './finish.js';
import { type CorpusTile, type Int8Points, int8Tiles } from './int8-points.js';
import { type ColumnSources, type Int8Product, openInt8Product, type TileSums } from './int8-product.js';
import { Int8Sum } from './int8-sum.js';
import type { IntegerForm } from './integer-form.js';
import { findNearPoints } from './near-points.js';
import { LARGEST } from './quantise.js';
import type { QuantisedTile } from './quantised-tile.js';
import { type QueryRoundings, roundQueries } from './query-roundings.js';
import { type RoundingVariance, unclearAbove } from './rest.js';
import { roundingOf } from './stretch.js';

/** Settings of a pass over quantised points. */
export interface Int8PassOptions {
  kernel: KernelName;
  bandwidth: number;
  /** Nearest points to be certain of, per query, and how many to give back where more were computed again. */
  neighbours: number;
  named: number;
  /** How many sources there are, where shares are asked for, and otherwise 0. */
  sources: number;
  relativeError: number;
  seed: number;
  form: IntegerForm;
  /** The step that queries are rounded to multiples of. */
  queryScale: number;
  threads?: number;
  onProgress?: OnProgress;
}

/** Variances of a rounding error, in squared steps: ⌊y + u⌋ − y has f(1 − f), f being what is behind y's point, 1/6 on average over f. */
const STOCHASTIC = 1 / 6;
/** An error that is uniform on a step, as after subtractive dither, has 1/12. */
const DITHERED = 1 / 12;
const BLOCK_QUERIES = 512;
/** Of so many points on, kernels are added in groups before they are squared: sums of squares are right to √(2(FOLD − 1)/n), 1.2 %. */
const FOLDED_FROM = 100_000;
const FOLD = 8;
/** Blocks of each query that may be looked into again, beside those of its nearest points. */
const REFINED = 64;
/** Nearest points may be in so many blocks more than there are of them, as blocks are chosen by rounded products. */
const SPARE_BLOCKS = 24;
/** So few points are all computed again. */
const FEW_POINTS = 24;

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
): Promise<(Int8Estimate | undefined)[]> {
  const { kernel: name, bandwidth, neighbours, named, sources, seed, form, queryScale, onProgress } = options;
  const { dims } = points[0]!.reader;
  const kernel = kernelNamed(name);
  const n = points.reduce((all, { rows }) => all + rows, 0);
  const fold = n < FOLDED_FROM ? 1 : FOLD;
  const product = await openInt8Product(kernel, bandwidth, dims, { ...options, fold });
  // The largest magnitudes of points are about those of queries.
  const pointScale = (queryScale * form.largest) / LARGEST;
  const pair = STOCHASTIC * pointScale ** 2 + DITHERED * queryScale ** 2;
  const unclear = unclearAbove(kernel, bandwidth, pair);
  // Where all points are unclear, the nearest tell.
  const apartAbove = Number.isFinite(unclear) ? unclear : Number.POSITIVE_INFINITY;
  const all = n <= FEW_POINTS || unclear === Number.NEGATIVE_INFINITY;
  const atLeast = all ? Number.POSITIVE_INFINITY : named > 0 ? neighbours + SPARE_BLOCKS : 0;
  const limits = { nearest: REFINED + neighbours, sources };
  const blocks = Math.ceil(queries.length / dims / BLOCK_QUERIES);
  const estimates: (Int8Estimate | undefined)[] = [];
  for (let b = 0; b < blocks; b++) {
    const block = queries.subarray(b * BLOCK_QUERIES * dims, (b + 1) * BLOCK_QUERIES * dims);
    const rounded = await roundQueries(block, dims, queryScale, seed, options);
    const sums = Array.from({ length: rounded.count }, (_, query) => {
      return new Int8Sum(query, apartAbove, atLeast, limits);
    });
    const variance = await addTiles(product, rounded, points, sums, { seed, sources }, (rows) => {
      const done = Math.floor((b * n + rows) / blocks);
      onProgress?.({ step: `${name} density, int8`, done, total: n, unit: 'points' });
    });
    const finishing = { ...options, kernel, variance, points: n };
    const wanted = sums.map((sum) => wantedBlocks(sum, finishing));
    const found = await findNearPoints(product, rounded, points, wanted, seed);
    const near = [...sums.flatMap(({ apart, isGivenUp }) => (isGivenUp ? [] : apart)), ...found];
    const measured = group(measureDistances(block, points, near), ({ query }) => query);
    sums.forEach((sum, q) => {
      estimates.push(finish(sum, measured.get(q) ?? [], wanted[q]!.above, finishing));
    });
  }
  return estimates;
}

/** Adds all points to the sums of a block of queries; gives the variance that rounding them and the queries made. */
async function addTiles(
  product: Int8Product,
  rounded: QueryRoundings,
  points: readonly Int8Points[],
  sums: readonly Int8Sum[],
  { seed, sources }: { seed: number; sources: number },
  onRows: (done: number) => void,
): Promise<RoundingVariance> {
  const shift = new Float32Array(sums.length);
  let [rows, squaredScales, squaredSpacings] = [0, 0, 0];
  for (const placed of int8Tiles(points, seed)) {
    const { stretch, number, tile, index } = placed;
    const rounding = roundingOf(number, stretch);
    const columnSources = placed.sourceOfRow && sourcesOf(tile, placed.sourceOfRow, sources);
    let values: TileSums;
    do {
      for (const { query, logReference } of sums) shift[query] = -logReference;
      values = await product.sums(rounded, rounding, tile, shift, columnSources);
    } while (moveReferences(sums, values));
    const unclear: Int8Sum[] = [];
    for (const sum of sums) {
      if (!sum.isUnclear(values)) sum.addTile(values, index);
      else if (!sum.isGivenUp) unclear.push(sum);
    }
    await addApart(product, rounded, rounding, placed, unclear);
    for (let column = 0; column < tile.filled; column++) squaredScales += tile.scales[column]! ** 2;
    squaredSpacings += tile.filled / stretch.tiles ** 2;
    rows += tile.filled;
    onRows(rows);
  }
  const queryVariance = DITHERED * rounded.scale ** 2;
  return {
    pair: (STOCHASTIC * squaredScales) / rows + queryVariance,
    common: (queryVariance * squaredSpacings) / rows,
  };
}

/** Which sources a tile's points are of. */
function sourcesOf(tile: QuantisedTile, sourceOfRow: Int32Array, sources: number): ColumnSources {
  const ofSource = new Float32Array(tile.columns * sources);
  for (let column = 0; column < tile.filled; column++)
    ofSource[column * sources + sourceOfRow[tile.rows[column]!]!] = 1;
  return { sources, ofSource };
}

/** Adds a tile point by point where there are points to keep apart. */
async function addApart(
  product: Int8Product,
  rounded: QueryRoundings,
  rounding: number,
  placed: CorpusTile,
  sums: readonly Int8Sum[],
): Promise<void> {
  if (sums.length === 0) return;
  const { tile } = placed;
  const queries = sums.map(({ query }) => query);
  const logs = await product.logs(rounded, rounding, tile, queries);
  for (const [i, sum] of sums.entries()) {
    sum.addApart(logs.subarray(i * tile.columns, (i + 1) * tile.columns), placed);
  }
}

/** Whether kernels of some queries were too large for float32, so that the tile is to be run again. */
function moveReferences(sums: readonly Int8Sum[], values: TileSums): boolean {
  let moved = false;
  for (const sum of sums) moved = (!sum.isUnclear(values) && sum.moveReference(values)) || moved;
  return moved;
}
