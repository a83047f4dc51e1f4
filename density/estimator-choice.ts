import { UsageError } from '../store/index.js';
import { autoEstimator } from './auto.js';
import type { DensityEstimate } from './estimate.js';
import { ESTIMATORS, type Estimator, type EstimatorName, type EstimatorOptions } from './estimators.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { Points } from './points.js';

/** What limits the work of an estimator that draws. */
export interface EstimatorLimits {
  /** Half the width of the 95 % interval of f, relative to f, at which it may stop. */
  relativeError?: number | undefined;
  /** Share of the points that it may look at, per query. */
  budget?: number | undefined;
}

/** An estimator, or `auto` for the one that the work asks for, and what it may cost. */
export interface EstimatorChoice extends EstimatorLimits {
  name: EstimatorName | typeof AUTO;
}

/** The estimator that was used, how it came to be chosen, and its limits where it draws. */
export interface UsedEstimator extends EstimatorLimits {
  name: EstimatorName;
  /** `given`, or the reason in words. */
  rule: string;
}

const AUTO = 'auto';
/** The names of all estimators, and `auto`. */
export const ESTIMATOR_NAMES = [AUTO, ...(Object.keys(ESTIMATORS) as EstimatorName[])] as const;
/** Estimators that look at all points. */
const OF_ALL_POINTS: readonly string[] = ['exact', 'int8'];

/**
 * The estimator of that name, or `auto`.
 *
 * @throws UsageError for a name that is none, a limit that is not in (0, 1], or one for an estimator that does not draw
 */
export function chooseEstimator(given: string = AUTO, limits: EstimatorLimits = {}): EstimatorChoice {
  const name = ESTIMATOR_NAMES.find((known) => known === given);
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
    if (OF_ALL_POINTS.includes(name)) {
      const drawing = ESTIMATOR_NAMES.filter((known) => !OF_ALL_POINTS.includes(known));
      throw new UsageError(
        `The ${name} estimator looks at all points: a ${what} is for an estimator that draws; there are: ${drawing.join(', ')}.`,
      );
    }
  }
  return { name, ...limits };
}

/**
 * Estimates the density of points at queries by the estimator that was chosen, within its limits.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @param estimators those of `openEstimators`, where calls are many
 * @returns one estimate a query, in order, and what made them
 */
export async function estimateBy(
  choice: EstimatorChoice,
  queries: Float32Array,
  points: readonly Points[],
  options: Omit<EstimatorOptions, keyof EstimatorLimits>,
  estimators: Record<EstimatorName, Estimator> = ESTIMATORS,
): Promise<{ estimates: DensityEstimate[]; estimator: UsedEstimator }> {
  const { name, rule } =
    choice.name === AUTO
      ? autoEstimator(queries.length / points[0]!.reader.dims, points)
      : { name: choice.name, rule: 'given' };
  const { relativeError = DEFAULT_LIMITS.relativeError, budget = DEFAULT_LIMITS.budget } = choice;
  const limits = OF_ALL_POINTS.includes(name) ? {} : { relativeError, budget };
  const estimates = await estimators[name](queries, points, { ...options, ...limits });
  return { estimates, estimator: { name, rule, ...limits } };
}
