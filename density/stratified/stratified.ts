import type { SessionOptions } from '../../onnx/index.js';
import { describeDrawn } from '../describe-drawn.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { DOCUMENT_POINTS, limitsOf } from '../limits.js';
import { numberDocuments } from '../numbering.js';
import type { Points } from '../points.js';
import { openRowKernels } from '../row-kernels.js';
import { seededUniform } from '../seeded.js';
import { draw } from './draw.js';
import { drawnPoints } from './drawn-points.js';
import { describeLists, openPrediction } from './prediction.js';
import { openStrata } from './strata.js';

/** Queries whose predictions are held in memory. */
const BLOCK_QUERIES = 1024;

/** Lists that are open for one call after another. */
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
 * The kernel density of every query by stratified sampling of the lists of clustered vectors (after Holmes, Gray and Isbell,
 * Ultrafast Monte Carlo for Statistical Summations, NIPS 2007): lists that are predicted to hold much of the density are
 * summed whole, others are drawn from in proportion to what they are predicted to add, and the far field is a simple random
 * sample of all points, post-stratified by the predictions.
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
 * Opens the lists of some corpora for many calls.
 *
 * @throws UsageError where none of them is clustered
 */
export function openStratified(points: readonly Points[]): Stratified {
  const strata = openStrata(points);
  const described = describeLists(strata);
  const numbering = numberDocuments(points);
  const sourceOf = (corpus: number, row: number) =>
    numbering.sourceOfDocument[numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!]!;
  return { estimate, close: strata.close };

  async function estimate(
    queries: Float32Array,
    options: EstimatorOptions & SessionOptions,
  ): Promise<DensityEstimate[]> {
    const { bandwidth, seed = 1 } = options;
    const limits = limitsOf(options);
    const kernel = kernelNamed(options.kernel);
    const { dims } = strata;
    const random = seededUniform(seed);
    const attributed = options.attribution !== false;
    const { neighbours = 0, documents = 0, onProgress } = options;
    const remembered = attributed ? Math.max(neighbours, documents > 0 ? DOCUMENT_POINTS : 0) : 0;
    const settings = {
      ...{ strata, kernel, bandwidth, random, ...limits, remembered },
      predict: await openPrediction(described, kernel, bandwidth, options),
      compute: await openRowKernels(kernel, bandwidth, dims, options),
      ...(attributed && { sourceOf }),
      onList(done: number, lists: number) {
        onProgress?.({ step: `${options.kernel} density, stratified`, done, total: lists, unit: 'lists' });
      },
    };
    const description = { points, numbering, kernel, bandwidth, neighbours, documents, attributed };
    const estimates: DensityEstimate[] = [];
    for (let from = 0; from < queries.length; from += BLOCK_QUERIES * dims) {
      const block = queries.subarray(from, from + BLOCK_QUERIES * dims);
      const draws = await draw(block, settings);
      draws.forEach((one, q) => {
        const query = block.subarray(q * dims, (q + 1) * dims);
        estimates.push(describeDrawn(query, one.estimate, drawnPoints(one, strata), description));
      });
    }
    return estimates;
  }
}
