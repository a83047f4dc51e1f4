import type { DensityEstimate } from '../estimate.js';
import type { QueryOptions } from './row-estimate.js';
import type { Sketch } from './sketch.js';

/**
 * The densities of queries under a sketch's angular kernel, in the form that all estimators give.
 *
 * No point is looked at, so `touched` is 0 and there is no attribution; the effective sample size is not known and NaN.
 * The standard error of log f is that of f over f; where no row has a vector in the query's bucket log f is −Infinity
 * with an infinite standard error: the density lies below what the sketch can tell, as `Sketch.query`'s interval says.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws DataError where the sketch is empty
 */
export async function sketchDensity(
  queries: Float32Array,
  sketch: Sketch,
  options: QueryOptions = {},
): Promise<DensityEstimate[]> {
  const estimates = await sketch.query(queries, options);
  return estimates.map(({ density, standardError, interval: [low, high] }) => ({
    logDensity: Math.log(density),
    standardError: density > 0 ? standardError / density : Number.POSITIVE_INFINITY,
    interval: [Math.log(low), Math.log(high)] as const,
    effectiveSamples: Number.NaN,
    touched: 0,
    sources: [],
    documents: [],
    neighbours: [],
  }));
}
