import { max, sum } from 'd3';

/**
 * What a mean share of several queries is: `queries`, the mean of their shares, in which every query counts alike; or
 * `density`, the share of their summed density, in which a query counts as much as it is supported.
 */
export type Weighing = 'queries' | 'density';

/**
 * The weights of queries in a mean share; they sum to 1.
 *
 * @param log10Densities `(queries)`, at least one
 */
export function weightsOf(log10Densities: readonly number[], weigh: Weighing): number[] {
  const largest = max(log10Densities)!;
  const alike = weigh === 'queries' || largest === Number.NEGATIVE_INFINITY;
  // Relative to the largest, so that small densities do not underflow.
  const weights = log10Densities.map((log10Density) => (alike ? 1 : 10 ** (log10Density - largest)));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}
