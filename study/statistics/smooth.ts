import { ascending, bisectCenter, scaleLinear, sum } from 'd3';
import { requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';
import { tHalfWidth } from './distributions.js';

/** Settings of a smooth; span 0.75, 60 points and a 95% band unless said otherwise. */
export interface SmoothOptions {
  /** The share of the rows, nearest in x, that each point is fitted to. */
  span?: number;
  points?: number;
  level?: number;
}

/** One point of a smooth: its value and its pointwise band, in units of y. */
export interface SmoothPoint {
  x: number;
  y: number;
  standardError: number;
  low: number;
  high: number;
}

interface LocalFit {
  value: number;
  /** The weight that a row exactly here would have in its own value, and the sum of all rows' squared weights. */
  own: number;
  squares: number;
}

// Fits for the residual variance: at every row up to this many, else at this many quantiles of x, interpolated between.
const VERTICES = 400;

/**
 * Smooths y on x (n each) at evenly spaced points by local linear regression with tricube weights (loess of degree 1,
 * Cleveland & Devlin 1988), with pointwise t bands that assume one residual variance.
 * Throws RangeError for values that are not finite, different lengths, or a span too small for its rows.
 */
export function localLinear(x: Values, y: Values, options: SmoothOptions = {}): SmoothPoint[] {
  const { span = 0.75, points = 60, level = 0.95 } = options;
  requireLevel(level);
  requireFinite('x', x);
  requireFinite('y', y);
  requireSameLength('x', x, 'y', y);
  const n = x.length;
  const near = Math.floor(Math.min(1, span) * n + 1e-5);
  if (!(span > 0) || near < 4) {
    throw new RangeError(`span ${span} of ${n} rows is ${near} rows a point: at least 4 are needed`);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => ascending(x[a], x[b]));
  const xs = Float64Array.from(order, (i) => x[i]!);
  const ys = Float64Array.from(order, (i) => y[i]!);

  const distinct = [...new Set(xs)];
  const vertices =
    distinct.length <= VERTICES
      ? distinct
      : [
          ...new Set(
            Array.from({ length: VERTICES }, (_, k) => xs[Math.round((k * (n - 1)) / (VERTICES - 1))]!),
          ),
        ];
  const fits = vertices.map((at) => fitAt(xs, ys, near, at));
  const between = (key: keyof LocalFit) =>
    vertices.length > 1
      ? scaleLinear(
          vertices,
          fits.map((fit) => fit[key]),
        )
      : () => fits[0]![key];
  const [value, own, squares] = [between('value'), between('own'), between('squares')];
  const residualSquares = sum(xs, (at, i) => (ys[i]! - value(at)) ** 2);
  const degreesOfFreedom = Math.max(1, n - 2 * sum(xs, own) + sum(xs, squares));
  const deviation = Math.sqrt(residualSquares / degreesOfFreedom);
  const halfWidth = tHalfWidth(level, degreesOfFreedom);

  const count = xs[0] === xs[n - 1] ? 1 : Math.max(2, points);
  return Array.from({ length: count }, (_, k) => {
    const at = count === 1 ? xs[0]! : xs[0]! + ((xs[n - 1]! - xs[0]!) * k) / (count - 1);
    const fit = fitAt(xs, ys, near, at);
    const standardError = deviation * Math.sqrt(fit.squares);
    return {
      x: at,
      y: fit.value,
      standardError,
      low: fit.value - halfWidth * standardError,
      high: fit.value + halfWidth * standardError,
    };
  });
}

function fitAt(xs: Float64Array, ys: Float64Array, near: number, at: number): LocalFit {
  const n = xs.length;
  let start = Math.max(0, Math.min(n - near, bisectCenter(xs, at) - (near >> 1)));
  while (start > 0 && at - xs[start - 1]! < xs[start + near - 1]! - at) start--;
  while (start + near < n && xs[start + near]! - at < at - xs[start]!) start++;
  // Where a whole window is one value of x, only rows of that value count.
  const width = Math.max(at - xs[start]!, xs[start + near - 1]! - at);
  let end = start + near;
  if (width === 0) {
    while (start > 0 && xs[start - 1] === at) start--;
    while (end < n && xs[end] === at) end++;
  }
  const weights = Float64Array.from({ length: end - start }, (_, k) => {
    const distance = width > 0 ? Math.abs(xs[start + k]! - at) / width : 0;
    const closeness = 1 - distance * distance * distance;
    return closeness * closeness * closeness;
  });
  let total = 0;
  let mean = 0;
  let spread = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  for (let k = 0; k < weights.length; k++) mean += (weights[k]! / total) * (xs[start + k]! - at);
  for (let k = 0; k < weights.length; k++) spread += weights[k]! * (xs[start + k]! - at - mean) ** 2;
  const linear = spread > 1e-14 * total * width ** 2;
  const result = { value: 0, own: 1 / total + (linear ? mean ** 2 / spread : 0), squares: 0 };
  for (let k = 0; k < weights.length; k++) {
    const offset = xs[start + k]! - at - mean;
    const share = weights[k]! * (1 / total - (linear ? (mean * offset) / spread : 0));
    result.value += share * ys[start + k]!;
    result.squares += share ** 2;
  }
  return result;
}
