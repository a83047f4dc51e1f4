import { requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';
import type { CorrelationOptions } from './correlation.js';
import { twoSidedZ, zHalfWidth } from './distributions.js';

/** Kendall's τ-b with its interval and two-sided p; null where a variable is constant. */
export interface KendallCorrelation {
  estimate: number | null;
  low: number | null;
  high: number | null;
  pValue: number | null;
  n: number;
  method: 'kendall';
}

/**
 * Kendall's τ-b of x and y (n each), (concordant − discordant pairs) over the geometric mean of the pairs not tied in x and in y
 * (Kendall 1945); p by the normal approximation with its variance under ties (Kendall 1970, as R's cor.test with exact = FALSE), the interval by Fisher's z
 * with variance 0.437/(n − 4) (Fieller, Hartley & Pearson 1957), null for fewer than 5 rows. Pairs are counted in n log n (Knight 1966).
 * Throws RangeError for values that are not finite or different lengths.
 */
export function kendall(x: Values, y: Values, { level = 0.95 }: CorrelationOptions = {}): KendallCorrelation {
  requireLevel(level);
  requireFinite('x', x);
  requireFinite('y', y);
  requireSameLength('x', x, 'y', y);
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  order.sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const xs = Float64Array.from(order, (i) => x[i]!);
  const ys = Float64Array.from(order, (i) => y[i]!);
  const both = runs(n, (i) => xs[i] === xs[i - 1] && ys[i] === ys[i - 1]);
  const tiedX = runs(n, (i) => xs[i] === xs[i - 1]);
  const discordant = sortCountingSwaps(ys);
  const tiedY = runs(n, (i) => ys[i] === ys[i - 1]);
  const pairs = (n * (n - 1)) / 2;
  const [tx, ty] = [pairsOf(tiedX), pairsOf(tiedY)];
  if (n < 2 || tx === pairs || ty === pairs) {
    return { estimate: null, low: null, high: null, pValue: null, n, method: 'kendall' };
  }
  const score = pairs - tx - ty + pairsOf(both) - 2 * discordant;
  const estimate = score / Math.sqrt(pairs - tx) / Math.sqrt(pairs - ty);
  const z = Math.atanh(Math.max(-1, Math.min(1, estimate)));
  const halfWidth = n > 4 ? zHalfWidth(level) * Math.sqrt(0.437 / (n - 4)) : Number.NaN;
  return {
    estimate,
    low: n > 4 ? Math.tanh(z - halfWidth) : null,
    high: n > 4 ? Math.tanh(z + halfWidth) : null,
    pValue: n < 3 ? null : twoSidedZ(score / Math.sqrt(scoreVariance(n, tiedX, tiedY))),
    n,
    method: 'kendall',
  };
}

/** The variance of concordant − discordant pairs where x and y are independent, with ties. */
function scoreVariance(n: number, tiedX: readonly number[], tiedY: readonly number[]): number {
  const sum = (counts: readonly number[], of: (t: number) => number) =>
    counts.reduce((total, t) => total + of(t), 0);
  const spread = (t: number) => t * (t - 1) * (2 * t + 5);
  const twos = (t: number) => t * (t - 1);
  const threes = (t: number) => t * (t - 1) * (t - 2);
  return (
    (spread(n) - sum(tiedX, spread) - sum(tiedY, spread)) / 18 +
    (sum(tiedX, twos) * sum(tiedY, twos)) / (2 * n * (n - 1)) +
    (n > 2 ? (sum(tiedX, threes) * sum(tiedY, threes)) / (9 * n * (n - 1) * (n - 2)) : 0)
  );
}

/** Lengths of the runs of places that are the same as the one before. */
function runs(n: number, isSame: (i: number) => boolean): number[] {
  const lengths: number[] = [];
  for (let i = 0; i < n; i++) {
    if (i > 0 && isSame(i)) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  }
  return lengths;
}

function pairsOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, t) => sum + (t * (t - 1)) / 2, 0);
}

/** Sorts in place by merging, and counts the pairs that stood the wrong way round. */
function sortCountingSwaps(values: Float64Array): number {
  let swaps = 0;
  let [from, into]: [Float64Array, Float64Array] = [values, new Float64Array(values.length)];
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || from[left]! <= from[right]!)) into[at] = from[left++]!;
        else {
          swaps += middle - left;
          into[at] = from[right++]!;
        }
      }
    }
    [from, into] = [into, from];
  }
  values.set(from);
  return swaps;
}
