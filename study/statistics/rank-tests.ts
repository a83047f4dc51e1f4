import { requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';
import { midRanks } from './correlation.js';
import { twoSidedZ, zHalfWidth } from './distributions.js';

/** A rank test, with the shift that it estimates. */
export interface RankTest {
  /** Hodges and Lehmann's estimate of the shift (1963): the median of all pairwise averages, or differences. */
  shift: number;
  low: number;
  high: number;
  /** The sum of ranks that is tested. */
  statistic: number;
  pValue: number;
  /** Rows that were tested: pairs without a difference are left out of the signed ranks. */
  n: number;
  method: 'signed-rank' | 'rank-sum';
}

/**
 * Wilcoxon's signed-rank test (1945) that paired differences (n) are symmetric around 0, by the normal approximation with corrections for
 * ties and continuity (as R's wilcox.test with exact = FALSE), with Hodges–Lehmann's shift and its interval from the ordered Walsh averages.
 * Throws RangeError for values that are not finite, or no difference but 0.
 */
export function signedRank(differences: Values, { level = 0.95 }: { level?: number } = {}): RankTest {
  requireLevel(level);
  requireFinite('differences', differences);
  const kept = Array.from(differences).filter((value) => value !== 0);
  const n = kept.length;
  if (n === 0) throw new RangeError('all differences are 0: there is nothing to rank');
  const ranks = midRanks(kept.map(Math.abs));
  const statistic = kept.reduce((sum, value, i) => sum + (value > 0 ? ranks[i]! : 0), 0);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm(ranks) / 48;
  const averages = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = i; j < n; j++) averages[at++] = (kept[i]! + kept[j]!) / 2;
  return {
    ...shiftOf(averages.sort(), level, Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24)),
    ...{ statistic, n, method: 'signed-rank' },
    pValue: continuous(statistic - (n * (n + 1)) / 4, variance),
  };
}

/**
 * Wilcoxon's rank-sum test (Mann & Whitney 1947) that two samples have one distribution, as `signedRank`; the shift is that of the first
 * against the second, from all pairwise differences.
 * Throws RangeError for values that are not finite, or an empty sample.
 */
export function rankSum(first: Values, second: Values, { level = 0.95 }: { level?: number } = {}): RankTest {
  requireLevel(level);
  requireFinite('first', first);
  requireFinite('second', second);
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('a sample is empty: there is nothing to rank');
  const all = [...Array.from(first), ...Array.from(second)];
  const ranks = midRanks(all);
  const sum = ranks.subarray(0, m).reduce((total, rank) => total + rank, 0);
  const statistic = sum - (m * (m + 1)) / 2;
  const size = m + n;
  const variance = ((m * n) / 12) * (size + 1 - tieTerm(ranks) / (size * (size - 1)));
  const differences = new Float64Array(m * n);
  for (let i = 0, at = 0; i < m; i++) for (let j = 0; j < n; j++) differences[at++] = first[i]! - second[j]!;
  return {
    ...shiftOf(differences.sort(), level, Math.sqrt((m * n * (size + 1)) / 12)),
    ...{ statistic, n: size, method: 'rank-sum' },
    pValue: continuous(statistic - (m * n) / 2, variance),
  };
}

/** The mean change of two columns over pairs, as `signedRank` of their differences. */
export function pairedDifferences(after: Values, before: Values): number[] {
  requireSameLength('after', after, 'before', before);
  return Array.from(after, (value, i) => value - before[i]!);
}

/** Σ t³ − t over the runs of equal ranks. */
function tieTerm(ranks: Float64Array): number {
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}

function continuous(distance: number, variance: number): number {
  if (variance <= 0) return 1;
  return twoSidedZ(Math.max(0, Math.abs(distance) - 0.5) / Math.sqrt(variance));
}

/** The median of ordered pairwise values, and the order statistics about it that the ranks' normal approximation leaves out (Hollander & Wolfe 1999, 3.3, 4.3). */
function shiftOf(
  ordered: Float64Array,
  level: number,
  deviation: number,
): Pick<RankTest, 'shift' | 'low' | 'high'> {
  const count = ordered.length;
  const out = Math.max(0, Math.floor(count / 2 - zHalfWidth(level) * deviation) - 1);
  const middle = (count - 1) / 2;
  return {
    shift: (ordered[Math.floor(middle)]! + ordered[Math.ceil(middle)]!) / 2,
    low: ordered[out]!,
    high: ordered[count - 1 - out]!,
  };
}
