import type { SessionOptions } from '../../onnx/index.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { DOCUMENT_POINTS, limitsOf } from '../limits.js';
import { numberDocuments } from '../numbering.js';
import type { Points } from '../points.js';
import { openRowKernels } from '../row-kernels.js';
import { seededUniform } from '../seeded.js';
import { describeTogether, type PartialDraw } from './describe-together.js';
import { type DrawSettings, draw } from './draw.js';
import { drawnPoints } from './drawn-points.js';
import { type GrowFarSample, openFarSample } from './far-sample.js';
import { alone, type Gather } from './gather.js';
import { openPrediction, type Prediction } from './prediction.js';
import { openStrata, type Shard, type Strata } from './strata.js';

import { openTileSums } from './tile-sums.js';

/** Queries whose predictions are held in memory. */
export const BLOCK_QUERIES = 1024;

/** Tiles that are open for one call after another. */
export interface Stratified {
  /**
   * Estimates the density at every query; see `stratifiedDensity`.
   *
   * @param queries `(queries, dims)` row-major unit vectors
   */
  estimate(queries: Float32Array, options: EstimatorOptions & SessionOptions): Promise<DensityEstimate[]>;
  close(): void;
}

/**
 * The kernel density of every query by stratified sampling of the tiles of clustered vectors (after Holmes, Gray and Isbell,
 * Ultrafast Monte Carlo for Statistical Summations, NIPS 2007): tiles that are predicted to hold most of the density, point for
 * point, are summed whole, of the lists that come next a quarter and a sixteenth is drawn, and the far field is a simple random sample
 * of all points, post-stratified by the predictions.
 *
 * With a budget alone (`relativeError: 0`) the estimate is unbiased, whatever the predictions are worth; stopping early at a
 * target looks at the estimate, and biases it by less than its standard error. Documents are summed over the nearest points drawn.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws UsageError where no corpus is clustered
 * @throws RangeError for a bandwidth, budget or target that cannot be
 */
export async function stratifiedDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
): Promise<DensityEstimate[]> {
  const stratified = openStratified(points);
  try {
    return await stratified.estimate(queries, options);
  } finally {
    stratified.close();
  }
}

/**
 * Opens the tiles of some corpora for many calls.
 *
 * @throws UsageError where none of them is clustered
 */
export function openStratified(points: readonly Points[]): Stratified {
  const strata = openStrata(points);
  // Calls mostly have the same seed, and so the same sample of the far field, and the same kernel and bandwidth.
  let sample: { seed: number; grow: GrowFarSample } | undefined;
  let known: { kernel: string; bandwidth: number; prediction: Prediction } | undefined;
  return {
    async estimate(queries, options) {
      limitsOf(options);
      const { seed = 1 } = options;
      const { kernel, bandwidth } = options;
      // Kept in hand: another call may come and want others while this one waits.
      const predicting =
        known?.kernel === kernel && known.bandwidth === bandwidth
          ? known
          : { kernel, bandwidth, prediction: await openPrediction(strata, options) };
      const sampling = sample?.seed === seed ? sample : { seed, grow: ownSample(strata, seed) };
      [known, sample] = [predicting, sampling];
      const drawn = await drawFrom(strata, queries, points, options, {
        ...{ gather: alone, growSample: sampling.grow, prediction: predicting.prediction },
      });
      return describeTogether([drawn], queries, points, options);
    },
    close: strata.close,
  };
}

/** What one of several workers draws, which gather what each needs of the others. */
export async function drawShard(
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
  { shard, gather }: { shard: Shard; gather: Gather },
): Promise<PartialDraw[]> {
  const strata = openStrata(points, shard);
  try {
    const growSample = ownSample(strata, options.seed ?? 1);
    const prediction = await openPrediction(strata, options);
    return await drawFrom(strata, queries, points, options, { gather, growSample, prediction });
  } finally {
    strata.close();
  }
}

/** The sample of the far field for a seed, of rows in own tiles. */
function ownSample(strata: Strata, seed: number): GrowFarSample {
  return openFarSample(strata, seededUniform(seed), (tile) => strata.ownOf[tile]! >= 0);
}

async function drawFrom(
  strata: Strata,
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
  sharing: Pick<DrawSettings, 'gather' | 'growSample' | 'prediction'>,
): Promise<PartialDraw[]> {
  const { bandwidth, seed = 1, neighbours = 0, documents = 0, onProgress } = options;
  const limits = limitsOf(options);
  const kernel = kernelNamed(options.kernel);
  const { dims } = strata;
  const attributed = options.attribution !== false;
  const remembered = attributed ? Math.max(neighbours, documents > 0 ? DOCUMENT_POINTS : 0) : 0;
  const numbering = attributed ? numberDocuments(points) : undefined;
  const settings = {
    ...{ strata, kernel, bandwidth, ...sharing, ...limits, remembered },
    random: seededUniform(seed + 0.5),
    sumTiles: await openTileSums(kernel, bandwidth, dims, attributed, options),
    sumEach: await openTileSums(kernel, bandwidth, dims, true, options),
    compute: await openRowKernels(kernel, bandwidth, dims, options),
    sourceOf:
      numbering &&
      ((corpus: number, row: number) =>
        numbering.sourceOfDocument[numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!]!),
    onBlocks(done: number, blocks: number) {
      onProgress?.({ step: `${options.kernel} density, stratified`, done, total: blocks, unit: 'blocks' });
    },
  };
  const all: PartialDraw[] = [];
  for (let from = 0; from < queries.length; from += BLOCK_QUERIES * dims) {
    const draws = await draw(queries.subarray(from, from + BLOCK_QUERIES * dims), settings);
    for (const { nearest, isNear, ...sums } of draws)
      all.push({ ...sums, points: drawnPoints({ nearest, isNear }, strata) });
  }
  return all;
}
