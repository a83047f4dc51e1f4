import { isConstant, requireFinite, requireLevel, type Values } from './checks.js';
import { tHalfWidth, twoSidedT } from './distributions.js';
import { centre } from './orthogonal-design.js';
import { sumOfSquares } from './orthogonal-solve.js';

/** A difference of two means with its t interval; the last five are null where there is no variance to judge it by. */
export interface MeanDifference {
  estimate: number;
  standardError: number;
  low: number | null;
  high: number | null;
  t: number | null;
  degreesOfFreedom: number | null;
  pValue: number | null;
}

/** Welch's comparison of two samples. */
export interface Welch extends MeanDifference {
  meanA: number;
  meanB: number;
  nA: number;
  nB: number;
}

/**
 * The mean of a less the mean of b with Welch's interval, unequal variances and Satterthwaite's degrees of freedom
 * (Welch 1947). Throws RangeError for values that are not finite or fewer than 2 in a sample.
 */
export function welch(a: Values, b: Values, options: { level?: number } = {}): Welch {
  const { level = 0.95 } = options;
  requireLevel(level);
  const [first, second] = [sample('a', a), sample('b', b)];
  const standardError = Math.sqrt(first.errorSquare + second.errorSquare);
  const degreesOfFreedom =
    (first.errorSquare + second.errorSquare) ** 2 /
    (first.errorSquare ** 2 / (first.n - 1) + second.errorSquare ** 2 / (second.n - 1));
  return {
    ...meanDifference(first.mean - second.mean, standardError, degreesOfFreedom, level),
    meanA: first.mean,
    meanB: second.mean,
    nA: first.n,
    nB: second.n,
  };
}

function sample(name: string, values: Values): { n: number; mean: number; errorSquare: number } {
  requireFinite(name, values);
  const n = values.length;
  if (n < 2) throw new RangeError(`${name} has ${n} values: at least 2 are needed for a variance`);
  const { mean, centred } = centre(values);
  return { n, mean, errorSquare: isConstant(values) ? 0 : sumOfSquares(centred) / (n - 1) / n };
}

/** A difference with its standard error as a t interval at `level` with a two-sided p; no interval for a standard error of 0. */
export function meanDifference(
  estimate: number,
  standardError: number,
  degreesOfFreedom: number,
  level: number,
): MeanDifference {
  if (!(standardError > 0)) {
    return {
      estimate,
      standardError,
      low: null,
      high: null,
      t: null,
      degreesOfFreedom: null,
      pValue: null,
    };
  }
  const halfWidth = tHalfWidth(level, degreesOfFreedom) * standardError;
  const t = estimate / standardError;
  return {
    estimate,
    standardError,
    low: estimate - halfWidth,
    high: estimate + halfWidth,
    t,
    degreesOfFreedom,
    pValue: twoSidedT(t, degreesOfFreedom),
  };
}
