import type { OnProgress } from '../store/index.js';
import type { DensityEstimate } from './estimate.js';
import { int8Density } from './int8/int8-density.js';
import type { KernelName } from './kernels.js';
import { estimateInParallel } from './parallel.js';
import type { Points } from './points.js';
import { stratifiedInShards } from './stratified/index.js';

/** What to estimate, how much to say about it, and at what cost. */
export interface EstimatorOptions {
  kernel: KernelName;
  /** h, in units of distance on the unit sphere. */
  bandwidth: number;
  /** Nearest points to name, per query. */
  neighbours?: number;
  /** Documents to name, per query. */
  documents?: number;
  /** False for densities alone, without shares, documents and neighbours, which is faster. */
  attribution?: boolean;
  /** An integer, for the estimators that draw. */
  seed?: number;
  /** Half the width of the 95 % interval of f, relative to f, at which an estimator that draws may stop. */
  relativeError?: number;
  /** Share of the points that an estimator that draws may look at, per query. */
  budget?: number;
  onProgress?: OnProgress;
}

/**
 * Estimates the density of points at queries.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 */
export type Estimator = (
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
) => Promise<DensityEstimate[]>;

/** All estimators by name. */
export const ESTIMATORS = {
  exact: (...given) => estimateInParallel('exact', ...given),
  stratified: stratifiedInShards,
  int8: int8Density,
  deann: (...given) => estimateInParallel('deann', ...given),
  rsp: (...given) => estimateInParallel('rsp', ...given),
} satisfies Record<string, Estimator>;
export type EstimatorName = keyof typeof ESTIMATORS;
