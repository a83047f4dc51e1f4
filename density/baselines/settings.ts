import type { EstimatorOptions } from '../estimators.js';

const DEFAULT_BUDGET = 0.02;
/** Fewer rows than this are not worth drawing. */
export const LEAST_ROWS = 512;
/** Nearest points that documents are summed over. */
export const REMEMBERED = 256;

/**
 * The budget, or the default one.
 *
 * @throws RangeError for a bandwidth or budget that cannot be
 */
export function checkBudget({ bandwidth, budget = DEFAULT_BUDGET }: EstimatorOptions): number {
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new RangeError(`The bandwidth must be a positive number, not ${bandwidth}.`);
  }
  if (!(budget > 0 && budget <= 1)) {
    throw new RangeError(
      `The budget must be a share of the points, more than 0 and at most 1, not ${budget}.`,
    );
  }
  return budget;
}
