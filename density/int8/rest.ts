import type { Kernel } from '../kernels.js';

/** Variances of the error that rounding makes in the cosine of a query and a point. */
export interface RoundingVariance {
  /** Independent from point to point. */
  pair: number;
  /** What the mean of all roundings of a query is wrong by: the same way for all points. */
  common: number;
}

/** The points of a query that are known by their rounded products alone. */
export interface Rest {
  points: number;
  /** Σk and Σk², relative to exp(`logReference`) and its square. */
  total: number;
  squares: number;
  logReference: number;
  /** No log kernel is above this, nats. */
  largest: number;
}

/** Above this, nats, a log kernel is too uncertain for corrections of second order. */
export const MOST_NOISE = 0.05;

/** What rounding makes of the sum of a rest. */
export interface RestError {
  /** How much too large the sum is on average, relative to it. */
  bias: number;
  /** Variance of the sum, relative to exp(2 · `logReference`). */
  variance: number;
  /** Standard error of the log kernel of the point that weighs most, nats. */
  noise: number;
}

/**
 * The error of a sum over rounded products. With an error of the cosine of mean 0 and variance v, to second order,
 * E[K(c + ε)] = K + v·K″/2 and Var[ΣK(c + ε)] = v·Σ(K·slope)².
 *
 * Slope and curvature are taken where the sums have their weight. Were log K normally distributed over the points, it
 * would be log(Σk²/n)/2 on average weighed by k, and 3/2·log(Σk²/n) − 2·log(Σk/n) weighed by k².
 */
export function restError(
  rest: Rest,
  kernel: Kernel,
  h: number,
  { pair, common }: RoundingVariance,
): RestError {
  const { points, total, logReference, largest } = rest;
  if (points <= 0) return { bias: 0, variance: 0, noise: 0 };
  const noise = noiseAt(largest, kernel, h, pair);
  const ofLargest = (Math.exp(largest - logReference) * noise) ** 2;
  if (!(total > 0)) return { bias: 0, variance: ofLargest, noise };
  // What is left when large kernels are subtracted may be less than Σk² can be.
  const squares = Math.max(rest.squares, total ** 2 / points);
  const [logTotal, logSquares] = [Math.log(total / points), Math.log(squares / points)];
  const radiusAt = (log: number) => kernel.radius(Math.min(log + logReference, largest, 0), h);
  const typical = radiusAt(logSquares / 2);
  const heavy = radiusAt(1.5 * logSquares - 2 * logTotal);
  return {
    bias: (pair * kernel.curvature(typical, h)) / 2,
    variance:
      squares * kernel.slope(heavy, h) ** 2 * pair +
      (total * kernel.slope(typical, h)) ** 2 * common +
      ofLargest,
    noise,
  };
}

/** Standard error of a log kernel, nats, that seems to be `log`, from a cosine with the variance `pair`. */
function noiseAt(log: number, kernel: Kernel, h: number, pair: number): number {
  const deviation = Math.sqrt(pair);
  // A point may be nearer than it seems, by two standard errors of r²/2; below √σ distances are noise alone.
  const seeming = kernel.radius(Math.min(log, 0), h);
  return deviation * kernel.slope(Math.sqrt(Math.max(seeming ** 2 - 4 * deviation, deviation)), h);
}

/** The log kernel, nats, above which kernels are more uncertain than `MOST_NOISE`; infinite where none or all are. */
export function unclearAbove(kernel: Kernel, h: number, pair: number): number {
  const isUnclear = (log: number) => noiseAt(log, kernel, h, pair) > MOST_NOISE;
  let [low, high] = [kernel.log(2, h), 0];
  if (!isUnclear(high)) return Number.POSITIVE_INFINITY;
  if (isUnclear(low)) return Number.NEGATIVE_INFINITY;
  while (high - low > 1e-6 * Math.abs(low)) {
    const middle = (low + high) / 2;
    if (isUnclear(middle)) high = middle;
    else low = middle;
  }
  return low;
}
