import { max } from 'd3';
import type { DensityEstimate } from '../estimate.js';
import type { Kernel } from '../kernels.js';
import type { MeasuredPoint } from './distances.js';
import type { Int8Sum } from './int8-sum.js';
import type { WantedBlocks } from './near-points.js';
import { MOST_NOISE, type Rest, type RoundingVariance, restError } from './rest.js';

/** An estimate whose sources and corpora have numbers; what documents there are follows from its nearest points. */
export interface Int8Estimate extends Omit<DensityEstimate, 'sources' | 'documents' | 'neighbours'> {
  /** Points that were computed again, nearest first. */
  near: { corpus: number; row: number; distance: number; share: number }[];
  shares: { source: number; share: number; standardError: number }[];
}

/** What finishing a sum needs to know. */
export interface FinishOptions {
  kernel: Kernel;
  bandwidth: number;
  variance: RoundingVariance;
  /** How many points were summed over. */
  points: number;
  /** Points to name, if so many were computed again. */
  named: number;
  /** Half the width of the 95 % interval of f, relative to f, that is still an answer. */
  relativeError: number;
}

/** Standard error of log f, nats, below which no more points are computed again. */
const ENOUGH = 3.3e-4;
/** What is computed again is to bring the variance down to this share of itself. */
const WORTHWHILE = 0.5;
/** A rest of this share of the sum may be as uncertain as it likes, even if its points weigh so many standard errors more than they seem to. */
const NEGLIGIBLE = 1e-4;
const AT_MOST = 6;
/** Nats above the border between computed again and not, over which points are counted. */
const BORDER = 0.5;
/** Standard error of a log density from float32 arithmetic alone, nats. */
const ROUNDOFF = 2e-6;
const Z95 = 1.959964;

/**
 * The blocks with the points that have to be computed again for the rest to be certain enough; none where so many points weigh
 * alike that a few make little difference.
 */
export function wantedBlocks(sum: Int8Sum, options: FinishOptions): WantedBlocks {
  const { nearest, logReference, atLeast, apart, apartAbove: atMost } = sum;
  const total = apart.reduce((sumSoFar, { log }) => sumSoFar + Math.exp(log - logReference), sum.total);
  const errorOf = (rest: Rest) => restError(rest, options.kernel, options.bandwidth, options.variance);
  const logAt = (rank: number) => (rank < nearest.size ? nearest.values[rank]! : sum.floor);
  const whole = { ...sumAsRest(sum, options.points), largest: logAt(0) };
  const rest = { ...whole };
  let error = errorOf(rest);
  const isEnough = () => Math.sqrt(error.variance) < ENOUGH * total && error.noise < MOST_NOISE;
  let count = 0;
  while (count < nearest.size && (count < atLeast || !isEnough())) {
    // At least one point of a block goes; more where several of it are among the nearest.
    takeAway(rest, logAt(count++) - logReference);
    rest.largest = logAt(count);
    error = errorOf(rest);
  }
  const before = errorOf(whole);
  const isWorthwhile =
    atLeast > 0 || before.noise > MOST_NOISE || error.variance < WORTHWHILE * before.variance;
  return isWorthwhile
    ? { blocks: nearest.labels.subarray(0, count), above: rest.largest, atMost }
    : { blocks: [], above: whole.largest, atMost };
}

/**
 * The estimate of a sum over rounded products: the points that were found near count as they are, of the rest the bias is taken off and
 * the standard error stated.
 *
 * @param near all points with a log kernel above `above`, those that were kept apart among them
 * @returns undefined where rounding leaves too much uncertain
 */
export function finish(
  sum: Int8Sum,
  near: readonly MeasuredPoint[],
  above: number,
  options: FinishOptions,
): Int8Estimate | undefined {
  const { kernel, bandwidth, variance, points: n, named, relativeError } = options;
  if (sum.isGivenUp) return undefined;
  const logs = near.map(({ distance }) => kernel.log(distance, bandwidth));
  const rest = { ...sumAsRest(sum, n), largest: above };
  for (const { log } of near) {
    if (log <= sum.apartAbove) takeAway(rest, log - sum.logReference);
  }
  const restShares = sharesOfRest(sum, near);
  // The reference was of a rounded kernel, from which the true ones may be farther off than float64 can hold.
  const ofRest = rest.points > 0 && rest.total > 0 ? sum.logReference : Number.NEGATIVE_INFINITY;
  const logReference = max([...logs, ofRest])!;
  rebase(rest, logReference);
  const error = restError(rest, kernel, bandwidth, variance);
  const exact = near.map((point, i) => ({ ...point, k: Math.exp(logs[i]! - logReference) }));
  const [restTotal, restSquares] = rest.points > 0 ? [rest.total, rest.squares] : [0, 0];
  // Points were chosen by noisy kernels, so that of those about the border the ones that seem less are left in the rest:
  // σ² times the number of points in a nat there times their kernel.
  const border = near.filter(({ log }) => log < above + BORDER).length / BORDER;
  const leftOut = error.noise ** 2 * border * Math.exp(above - logReference);
  const total = exact.reduce((all, { k }) => all + k, restTotal / (1 + error.bias) + leftOut);
  const squares = exact.reduce((all, { k }) => all + k * k, restSquares / (1 + error.bias) ** 2);
  const standardError = rest.points > 0 ? Math.hypot(Math.sqrt(error.variance) / total, ROUNDOFF) : 0;
  const restAtMost = Math.max(restTotal, Math.exp(above - logReference)) * Math.exp(AT_MOST * error.noise);
  const isClear = rest.points === 0 || error.noise < MOST_NOISE || restAtMost < NEGLIGIBLE * total;
  if (!(isClear && Z95 * standardError <= relativeError)) return undefined;
  const logDensity = logReference + Math.log(total / n);
  return {
    logDensity,
    standardError,
    interval: [logDensity - Z95 * standardError, logDensity + Z95 * standardError],
    effectiveSamples: Math.min(total ** 2 / squares, n),
    touched: 1,
    shares: sharesOf(exact, restShares, { total, standardError }),
    near: exact
      .sort((a, b) => a.distance - b.distance)
      .slice(0, named)
      .map(({ corpus, row, distance, k }) => ({ corpus, row, distance, share: k / total })),
  };
}

/** What part of a query's rest lies on each source. */
function sharesOfRest(sum: Int8Sum, near: readonly MeasuredPoint[]): Float64Array {
  const sums = sum.bySource.slice();
  for (const { log, source } of near)
    if (source !== undefined && log <= sum.apartAbove) sums[source]! -= Math.exp(log - sum.logReference);
  const left = sums.map((x) => Math.max(x, 0));
  const total = left.reduce((all, x) => all + x, 0);
  return left.map((x) => (total > 0 ? x / total : 0));
}

/**
 * The shares of sources in a total, of which a part is exact and the rest uncertain. With a part p of the rest's variance v on a source
 * of share s, that of the share is v(p(1 − s)² + (1 − p)s²); p is taken to be what the source has of the rest.
 */
function sharesOf(
  exact: readonly (MeasuredPoint & { k: number })[],
  restShares: Float64Array,
  { total, standardError }: { total: number; standardError: number },
): Int8Estimate['shares'] {
  const exactShares = new Float64Array(restShares.length);
  for (const { source, k } of exact) if (source !== undefined) exactShares[source]! += k / total;
  const rest = Math.max(0, 1 - exactShares.reduce((all, x) => all + x, 0));
  return Array.from(restShares, (part, source) => {
    const share = exactShares[source]! + part * rest;
    const variance = part * (1 - share) ** 2 + (1 - part) * share ** 2;
    return { source, share, standardError: standardError * Math.sqrt(variance) };
  }).filter(({ share }) => share > 0);
}

function sumAsRest({ total, squares, logReference, apart }: Int8Sum, points: number): Omit<Rest, 'largest'> {
  return { points: points - apart.length, total, squares, logReference };
}

function takeAway(rest: Omit<Rest, 'largest'>, log: number): void {
  const k = Math.exp(log);
  rest.points--;
  rest.total = Math.max(rest.total - k, 0);
  rest.squares = Math.max(rest.squares - k * k, 0);
}

function rebase(rest: Omit<Rest, 'largest'>, logReference: number): void {
  const factor = Math.exp(rest.logReference - logReference);
  rest.total *= factor;
  rest.squares *= factor * factor;
  rest.logReference = logReference;
}
