import { group, quantileSorted, randomLcg } from 'd3';
import { requireLevel } from './checks.js';
import { normalCdf, normalQuantile } from './distributions.js';
import type { Groups } from './folds.js';

/** How rows are drawn again. */
export interface BootstrapOptions {
  /** Rows of one group are drawn together; every row is its own group if left out. */
  groups?: Groups;
  /** 1999 unless said otherwise. */
  resamples?: number;
  level?: number;
  seed: number;
}

/** An estimate with its bootstrap interval. */
export interface BootstrapInterval {
  estimate: number;
  low: number;
  high: number;
  /** Standard deviation over the resamples. */
  standardError: number;
  resamples: number;
  method: 'BCa' | 'percentile';
  /** How far the estimate is from the median of the resamples, in standard normal units, and how its spread grows with its value. */
  bias: number;
  acceleration: number;
}

/**
 * The bias-corrected and accelerated bootstrap interval of a statistic of rows (Efron 1987; Efron & Tibshirani 1993, 14.3): rows, or whole
 * groups of them, are drawn with replacement, and the acceleration is that of the jackknife over them. Where all resamples lie on
 * one side of the estimate, or the jackknife does not vary, it is the percentile interval; `method` says which.
 *
 * @param rows how many rows there are
 * @param statistic of the rows of these numbers, which may come several times
 * @throws RangeError for fewer than 2 groups, or a statistic that is not finite
 */
export function bootstrap(
  rows: number,
  statistic: (rows: readonly number[]) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const { groups, resamples = 1999, level = 0.95, seed } = options;
  requireLevel(level);
  const members = [...group(Array(rows).keys(), (i) => groups?.[i] ?? i).values()];
  if (members.length < 2) throw new RangeError('the bootstrap needs at least 2 rows, or groups of them');
  const finite = (chosen: readonly number[]) => {
    const value = statistic(chosen);
    if (!Number.isFinite(value)) throw new RangeError(`the statistic of some resampled rows is ${value}`);
    return value;
  };
  const estimate = finite(members.flat());
  const random = randomLcg(seed);
  const draws = Array.from({ length: resamples }, () =>
    finite(members.flatMap(() => members[Math.floor(random() * members.length)]!)),
  ).sort((a, b) => a - b);
  const below = draws.reduce((count, draw) => count + (draw < estimate ? 1 : draw === estimate ? 0.5 : 0), 0);
  const bias = normalQuantile(below / resamples);
  const acceleration = accelerationOf(
    members.map((_, left) => finite(members.filter((_, i) => i !== left).flat())),
  );
  const isCorrected = Number.isFinite(bias) && acceleration !== null;
  const edge = (share: number) => {
    if (!isCorrected) return quantileSorted(draws, share)!;
    const z = bias + normalQuantile(share);
    return quantileSorted(draws, normalCdf(bias + z / (1 - acceleration * z)))!;
  };
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / resamples;
  const squares = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0);
  return {
    ...{ estimate, low: edge((1 - level) / 2), high: edge((1 + level) / 2) },
    standardError: Math.sqrt(squares / (resamples - 1)),
    resamples,
    method: isCorrected ? 'BCa' : 'percentile',
    bias: isCorrected ? bias : 0,
    acceleration: acceleration ?? 0,
  };
}

/** Σ(m̄ − mᵢ)³ / 6(Σ(m̄ − mᵢ)²)^1.5 of the statistic without each group; null where it does not vary. */
function accelerationOf(without: readonly number[]): number | null {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  const power = (exponent: number) => without.reduce((sum, value) => sum + (mean - value) ** exponent, 0);
  const squares = power(2);
  return squares > 0 ? power(3) / (6 * squares ** 1.5) : null;
}
