import t from '@stdlib/stats-base-dists-t';
import { max } from 'd3';
import { type DensityEstimate, exactly } from '../estimate.js';
import type { StratumSums } from './stratum-sums.js';

/** The part of an estimate that follows from sums over strata. */
export type StrataEstimate = Pick<
  DensityEstimate,
  'logDensity' | 'standardError' | 'interval' | 'effectiveSamples' | 'touched'
> & {
  /** log Σ K over all points, nats. */
  logTotal: number;
  /** Shares by source number, with their standard errors. */
  shares: { source: number; share: number; standardError: number }[];
};

/**
 * What is predicted, corrected by how far predictions of all queries were off, weighs as much as this many rows in the variance of a
 * stratum: few rows may all miss what is near (an empirical Bayes estimate: Efron and Morris 1973).
 */
const PRIOR_ROWS = 4;
const TAIL = 0.975;
/** So far above all that was drawn a prediction may be, nats of variance, that it is a number still: the interval says that nothing is known. */
const MOST_PRIOR = 600;

/**
 * The stratified estimate Σ N·mean(K) of a query's kernels, with its variance Σ N²(1 − m/N)s²/m (Cochran, Sampling
 * Techniques, 3rd ed., 5.3 and 5.9) and Satterthwaite's degrees of freedom (ibid., 5.15). The interval is symmetric in log f.
 *
 * @param drawn rows that were looked at
 * @param points n
 */
export function finish(parts: readonly StratumSums[], drawn: number, points: number): StrataEstimate {
  const reference = Math.max(...parts.map(({ logs }) => max(logs) ?? Number.NEGATIVE_INFINITY));
  let [total, squares, variance] = [0, 0, 0];
  const variances: { own: number; freedom: number }[] = [];
  for (const part of parts) {
    for (let stratum = 0; stratum < part.sizes.length; stratum++) {
      if (part.sizes[stratum] === 0) continue;
      const { weight, scale } = weightOf(part, stratum, reference);
      total += weight * scale * part.totals[stratum]!;
      squares += weight * scale ** 2 * part.squares[stratum]!;
      if (weight === 1) continue;
      const prior = Number.isFinite(part.predicted[stratum]) ? PRIOR_ROWS : 0;
      const freedom = part.rows[stratum]! - 1 + prior;
      const own = varianceOf(part, stratum, reference, prior);
      variance += own;
      variances.push({ own, freedom });
    }
  }
  const logTotal = reference + Math.log(total);
  const logDensity = logTotal - Math.log(points);
  const known = {
    logTotal,
    effectiveSamples: total ** 2 / squares,
    shares: sharesOf(parts, reference, total),
  };
  if (variance === 0) return { ...exactly(logDensity), ...known, touched: drawn / points };
  const standardError = Math.sqrt(variance) / total;
  // Ratios, as the squares of variances far below the largest kernel's would underflow.
  const perFreedom = variances.reduce((sum, { own, freedom }) => sum + (own / variance) ** 2 / freedom, 0);
  const halfWidth = t.quantile(TAIL, 1 / perFreedom) * standardError;
  return {
    ...known,
    ...{ logDensity, standardError },
    interval: [logDensity - halfWidth, logDensity + halfWidth],
    touched: drawn / points,
  };
}

/** How many points each drawn one stands for, and what brings a stratum's sums to the common reference. */
function weightOf({ sizes, rows, logs }: StratumSums, stratum: number, reference: number) {
  return { weight: sizes[stratum]! / rows[stratum]!, scale: Math.exp(logs[stratum]! - reference) };
}

function varianceOf(part: StratumSums, stratum: number, reference: number, priorRows: number): number {
  const [size, rows, total] = [part.sizes[stratum]!, part.rows[stratum]!, part.totals[stratum]!];
  const { scale } = weightOf(part, stratum, reference);
  const seen = scale ** 2 * Math.max(0, part.squares[stratum]! - total ** 2 / rows);
  const prior = priorRows * Math.exp(Math.min(MOST_PRIOR, 2 * (part.predicted[stratum]! - reference)));
  return (size ** 2 * (1 - rows / size) * (seen + prior)) / (rows - 1 + priorRows) / rows;
}

/**
 * Shares of a total that is itself estimated: the variance of a ratio is that of Σ w·K·(1[source] − share), relative to the
 * total (Cochran, 6.11).
 */
function sharesOf(parts: readonly StratumSums[], reference: number, total: number): StrataEstimate['shares'] {
  const sums = new Map<number, number>();
  for (const part of parts) {
    part.sources?.forEach((sources, stratum) => {
      const { weight, scale } = weightOf(part, stratum, reference);
      for (const [source, sum] of sources) {
        sums.set(source, (sums.get(source) ?? 0) + weight * scale * sum.total);
      }
    });
  }
  return Array.from(sums, ([source, sum]) => {
    const share = sum / total;
    let variance = 0;
    for (const part of parts) {
      for (let stratum = 0; stratum < part.sizes.length; stratum++) {
        const { weight, scale } = weightOf(part, stratum, reference);
        if (weight > 1) variance += scale ** 2 * residualVariance(part, stratum, source, share);
      }
    }
    return { source, share, standardError: Math.sqrt(variance) / total };
  });
}

function residualVariance(part: StratumSums, stratum: number, source: number, share: number): number {
  const [size, rows] = [part.sizes[stratum]!, part.rows[stratum]!];
  if (rows < 2) return 0;
  const of = part.sources![stratum]!.get(source) ?? { total: 0, squares: 0 };
  const residualSquares = (1 - 2 * share) * of.squares + share ** 2 * part.squares[stratum]!;
  const residual = of.total - share * part.totals[stratum]!;
  const spread = Math.max(0, residualSquares - residual ** 2 / rows) / (rows - 1);
  return (size ** 2 * (1 - rows / size) * spread) / rows;
}
