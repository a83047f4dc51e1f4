import type { BandwidthDensity, OnProgress } from '../store/index.js';
import { log10Of } from './estimate.js';
import type { KernelName } from './kernels.js';
import { mixtureDensity } from './mixture.js';
import type { Points } from './points.js';
import { sweep } from './sweep.js';

/** Which bandwidths a curve goes through. */
export interface CurveOptions {
  kernel: KernelName;
  bandwidths: readonly number[];
  onProgress?: OnProgress;
}

/** Bandwidths of a curve, in steps of 2^¼, and how many of them are below the one that it is drawn around. */
const STEPS = 16;
const STEPS_BELOW = 8;

/** 16 bandwidths in equal steps of log h around one, which is the ninth of them: from h/4 to 3.4·h. */
export function bandwidthsAround(bandwidth: number): number[] {
  return Array.from({ length: STEPS }, (_, i) => bandwidth * 2 ** ((i - STEPS_BELOW) / 4));
}

/**
 * Density against bandwidth: the density of all points together at every query for a number of bandwidths, from one pass
 * over the data. Never estimated from a sample, and within the error bound beside each value, see `sweep`.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns a curve a query, smallest bandwidth first
 * @throws as `sweep` does
 */
export async function bandwidthCurves(
  queries: Float32Array,
  points: readonly Points[],
  { kernel, bandwidths, onProgress }: CurveOptions,
): Promise<BandwidthDensity[][]> {
  const ascending = [...new Set(bandwidths)].sort((a, b) => a - b);
  const swept = await sweep(queries, points, {
    kernels: [kernel],
    bandwidths: ascending,
    ...(onProgress && { onProgress }),
  });
  const columns = swept.map((densities) => ({
    bandwidth: densities.bandwidth,
    estimates: mixtureDensity(densities),
  }));
  return Array.from({ length: queries.length / points[0]!.reader.dims }, (_, q) =>
    columns.map(({ bandwidth, estimates }) => {
      const { logDensity, errorBound } = estimates[q]!;
      return { bandwidth, log10Density: log10Of(logDensity), errorBound: log10Of(errorBound) };
    }),
  );
}
