import type { Fit, OutOfSampleComparison } from '../statistics/index.js';

/** A coefficient with its 95% interval, and p of the test that it is 0. */
export interface Slope {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}

/** An estimate with its 95% interval; p of the test named by `method`. */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
  pValue: number;
  method: string;
}

/** The coefficient of a term; throws RangeError where the fit dropped it. */
export function slopeFrom({ coefficients }: Fit, term: string): Slope {
  const found = coefficients.find(({ name }) => name === term);
  if (!found) throw new RangeError(`${term} is constant or a combination of the controls`);
  const { estimate, standardError, low, high, pValue } = found;
  return { estimate, standardError, low, high, pValue };
}

/** The gain of a comparison, with its method in words. */
export function gainFrom(
  { difference, low, high, pValue }: OutOfSampleComparison,
  folds: number,
  groupBy: string,
): Estimate {
  return {
    ...{ estimate: difference, low, high, pValue },
    method: `${folds}-fold cross-validation by ${groupBy}, paired t`,
  };
}
