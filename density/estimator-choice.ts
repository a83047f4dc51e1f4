import { UsageError } from '../store/index.js';
import type { DensityEstimate } from './estimate.js';
import { ESTIMATORS, type EstimatorName, type EstimatorOptions } from './estimators.js';
import type { Points } from './points.js';

/** An estimator, how it came to be chosen, and what it may cost. */
export interface EstimatorChoice {
  name: EstimatorName;
  /** `given`, `default`, or the reason in words. */
  rule: string;
  /** Half the width of the 95 % interval of f, relative to f, at which it may stop. */
  relativeError?: number | undefined;
  /** Share of the points that it may look at, per query. */
  budget?: number | undefined;
}

/** What limits the work of an estimator that draws. */
export type EstimatorLimits = Pick<EstimatorChoice, 'relativeError' | 'budget'>;

/** The names of all estimators. */
export const ESTIMATOR_NAMES = Object.keys(ESTIMATORS) as EstimatorName[];

const DEFAULT: EstimatorName = 'exact';

/**
 * The estimator of that name, or the default one.
 *
 * @throws UsageError for a name that is none, a limit that is not in (0, 1], or one for `exact`
 */
export function chooseEstimator(given: string | undefined, limits: EstimatorLimits = {}): EstimatorChoice {
  const name = given === undefined ? DEFAULT : ESTIMATOR_NAMES.find((known) => known === given);
  if (!name) {
    throw new UsageError(`There is no estimator "${given}"; there are: ${ESTIMATOR_NAMES.join(', ')}.`);
  }
  for (const [what, limit] of [
    ['relative error', limits.relativeError],
    ['budget', limits.budget],
  ] as const) {
    if (limit === undefined) continue;
    if (!(limit > 0 && limit <= 1)) {
      throw new UsageError(`The ${what} must be above 0 and at most 1, not ${limit}.`);
    }
    if (name === 'exact') {
      throw new UsageError(
        `The exact estimator looks at all points: a ${what} is for an estimator that draws; there are: ${ESTIMATOR_NAMES.join(', ')}.`,
      );
    }
  }
  return { name, rule: given === undefined ? 'default' : 'given', ...limits };
}

/**
 * Estimates the density of points at queries by the estimator that was chosen, within its limits.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 */
export function estimateBy(
  { name, relativeError, budget }: EstimatorChoice,
  queries: Float32Array,
  points: readonly Points[],
  options: Omit<EstimatorOptions, keyof EstimatorLimits>,
): Promise<DensityEstimate[]> {
  return ESTIMATORS[name](queries, points, {
    ...options,
    ...(relativeError !== undefined && { relativeError }),
    ...(budget !== undefined && { budget }),
  });
}
