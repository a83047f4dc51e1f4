import { type OnProgress, UsageError } from '../store/index.js';
import type { ChosenBandwidth } from './bandwidth.js';
import { type BandwidthChoice, bandwidthBy } from './bandwidth-choice.js';
import type { DensityEstimate } from './estimate.js';
import { laplacianDensity } from './laplacian.js';
import type { Points } from './points.js';

/** Draws the sample of an automatic bandwidth, and hears of progress. */
export interface LaplacianTask {
  seed: number;
  onProgress?: OnProgress;
}

/**
 * Measures with the Laplacian kernel exp(−‖q − x‖₁/h), at a bandwidth in L1 distance. An automatic one is that of the
 * exponential kernel times √(2·dims/π), by which L1 distances between vectors of many dims are larger than Euclidean ones.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws UsageError for a bandwidth by likelihood, which only the radial kernels have, or as `bandwidthBy` does
 */
export async function measureLaplacian(
  choice: BandwidthChoice,
  queries: Float32Array,
  points: readonly Points[],
  { seed, onProgress }: LaplacianTask,
): Promise<ChosenBandwidth & { estimates: DensityEstimate[] }> {
  if ('likelihood' in choice) {
    throw new UsageError(
      'The laplacian kernel is not radial and has no likelihood here: give its bandwidth as a number, or auto.',
    );
  }
  const chosen = await bandwidthBy(choice, queries, points, { kernel: 'exponential', seed });
  const { bandwidth, rule } = 'value' in choice ? chosen : inL1(chosen, points[0]!.reader.dims);
  const estimates = await laplacianDensity(queries, points, { bandwidth, ...(onProgress && { onProgress }) });
  return { bandwidth, rule, estimates };
}

function inL1({ bandwidth, rule }: ChosenBandwidth, dims: number): ChosenBandwidth {
  return {
    bandwidth: Number((bandwidth * Math.sqrt((2 * dims) / Math.PI)).toPrecision(4)),
    rule: `${rule}, with the exponential kernel at h = ${bandwidth}; √(2·dims/π) times that in L1 distance`,
  };
}
