import { isConstant, requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';
import { twoSidedT, zHalfWidth } from './distributions.js';
import { centre } from './orthogonal-design.js';
import { sumOfSquares } from './orthogonal-solve.js';

/**
 * A correlation with its interval and two-sided p. All four numbers are null if a variable is constant or n < 2;
 * `pValue` is null also for n < 3, and `low` and `high` for n < 4, where they are not defined.
 */
export interface Correlation {
  estimate: number | null;
  low: number | null;
  high: number | null;
  pValue: number | null;
  n: number;
  method: 'pearson' | 'spearman';
}

/** Settings of a correlation: the confidence level of its interval, 0.95 unless said otherwise. */
export interface CorrelationOptions {
  level?: number;
}

/**
 * Pearson's product-moment correlation of x and y (n each), with Fisher's z interval, standard error 1/√(n − 3)
 * (Fisher 1921), and p by t with n − 2 degrees of freedom.
 * Throws RangeError for values that are not finite or different lengths.
 */
export function pearson(x: Values, y: Values, options: CorrelationOptions = {}): Correlation {
  requirePair(x, y);
  return correlation('pearson', x, y, () => 1, options);
}

/**
 * Spearman's rank correlation of x and y (n each) with mid-ranks for ties, Fisher's z interval with the
 * standard error √((1 + r²/2)/(n − 3)) of Bonett & Wright (2000), and p by t with n − 2 degrees of freedom.
 * Throws RangeError for values that are not finite or different lengths.
 */
export function spearman(x: Values, y: Values, options: CorrelationOptions = {}): Correlation {
  requirePair(x, y);
  return correlation('spearman', midRanks(x), midRanks(y), (r) => 1 + r ** 2 / 2, options);
}

/** Ranks from 1, equal values sharing the mean of the ranks they take up; values must be finite. */
export function midRanks(values: Values): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function correlation(
  method: Correlation['method'],
  x: Values,
  y: Values,
  zVariance: (r: number) => number,
  { level = 0.95 }: CorrelationOptions,
): Correlation {
  requireLevel(level);
  const n = x.length;
  if (n < 2 || isConstant(x) || isConstant(y)) {
    return { estimate: null, low: null, high: null, pValue: null, n, method };
  }
  const a = unit(x);
  const b = unit(y);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  const estimate = Math.max(-1, Math.min(1, sum));
  const halfWidth = zHalfWidth(level) * Math.sqrt(zVariance(estimate) / (n - 3));
  const z = Math.atanh(estimate);
  const t = estimate / Math.sqrt(((1 - estimate) * (1 + estimate)) / (n - 2));
  return {
    estimate,
    low: n < 4 ? null : Math.tanh(z - halfWidth),
    high: n < 4 ? null : Math.tanh(z + halfWidth),
    pValue: n < 3 ? null : twoSidedT(t, n - 2),
    n,
    method,
  };
}

function requirePair(x: Values, y: Values): void {
  requireFinite('x', x);
  requireFinite('y', y);
  requireSameLength('x', x, 'y', y);
}

/** Centred and of length 1; scaled by the largest first, so that squares neither overflow nor vanish. */
function unit(values: Values): Float64Array {
  const { centred } = centre(values);
  let largest = 0;
  for (const value of centred) largest = Math.max(largest, Math.abs(value));
  const scaled = centred.map((value) => value / largest);
  const length = Math.sqrt(sumOfSquares(scaled));
  return scaled.map((value) => value / length);
}
