import { max, min, range } from 'd3';
import { leastSquares } from '../../statistics/index.js';

/** One place on a fitted line, with the 95% interval of the mean of y there. */
export interface LinePoint {
  x: number;
  y: number;
  low: number;
  high: number;
}

const PLACES = 24;

/**
 * The least-squares line of y on x (n each) over the range of x with its pointwise 95% HC3 band, or null where the rows
 * do not define one. The intercept of a regression on x − x₀ is the mean of y at x₀, so each place is a fit of its own.
 */
export function fitLine(x: readonly number[], y: readonly number[]): LinePoint[] | null {
  const [first, last] = [min(x), max(x)];
  if (first === undefined || last === undefined || first === last) return null;
  try {
    return range(PLACES + 1).map((step) => {
      const at = first + ((last - first) * step) / PLACES;
      const fit = leastSquares(y, [{ name: 'x', values: x.map((value) => value - at) }]);
      const { estimate, low, high } = fit.coefficients[0]!;
      return { x: at, y: estimate, low, high };
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
