/** What an estimator that draws may cost. */
export interface Limits {
  /** Half the width of the 95 % interval of f, relative to f, at which it may stop; 0 for never. */
  relativeError: number;
  /** Share of the points that it may look at, per query. */
  budget: number;
}

/** What it may cost where nothing else is said. */
export const DEFAULT_LIMITS: Limits = { relativeError: 0.05, budget: 0.02 };
/** Fewer rows than this are not worth drawing, whatever the budget. */
export const LEAST_ROWS = 512;
/** Nearest drawn points of a query that documents are summed over. */
export const DOCUMENT_POINTS = 256;

/**
 * The limits given, and the default ones.
 *
 * @throws RangeError for a bandwidth or a limit that cannot be
 */
export function limitsOf({ bandwidth, ...given }: Partial<Limits> & { bandwidth: number }): Limits {
  const { relativeError = DEFAULT_LIMITS.relativeError, budget = DEFAULT_LIMITS.budget } = given;
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new RangeError(`The bandwidth must be a positive number, not ${bandwidth}.`);
  }
  if (!(relativeError >= 0 && relativeError < 1)) {
    throw new RangeError(`The relative error must be 0 or more and less than 1, not ${relativeError}.`);
  }
  if (!(budget > 0 && budget <= 1)) {
    throw new RangeError(
      `The budget must be a share of the points, more than 0 and at most 1, not ${budget}.`,
    );
  }
  return { relativeError, budget };
}
