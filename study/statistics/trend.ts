import { requireFinite, requireSameLength, type Values } from './checks.js';
import { twoSidedZ } from './distributions.js';

/** Whether a response rises or falls with the dose. */
export interface TrendTest {
  /** Pairs of rows of different doses whose responses are in the order of the doses, ties counting half, less what chance gives. */
  statistic: number;
  z: number;
  pValue: number;
  n: number;
  doses: number;
}

/**
 * The Jonckheere–Terpstra test of a trend over ordered doses (Jonckheere 1954), two-sided by the normal approximation; its variance is that
 * under ties (Hollander & Wolfe 1999, 6.2).
 * Throws RangeError for values that are not finite, different lengths, or fewer than 2 doses.
 */
export function trendTest(dose: Values, response: Values): TrendTest {
  requireFinite('dose', dose);
  requireFinite('response', response);
  requireSameLength('dose', dose, 'response', response);
  const n = dose.length;
  const sizes = [...countsOf(dose)];
  if (sizes.length < 2) throw new RangeError('a trend needs at least 2 doses');
  let ordered = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (dose[i]! >= dose[j]!) continue;
      ordered += response[i]! < response[j]! ? 1 : response[i] === response[j] ? 0.5 : 0;
    }
  }
  const sum = (counts: readonly number[], of: (t: number) => number) =>
    counts.reduce((total, t) => total + of(t), 0);
  const ties = [...countsOf(response)];
  const spread = (t: number) => t * (t - 1) * (2 * t + 5);
  const [twos, threes] = [(t: number) => t * (t - 1), (t: number) => t * (t - 1) * (t - 2)];
  const variance =
    (spread(n) - sum(sizes, spread) - sum(ties, spread)) / 72 +
    (n > 2 ? (sum(sizes, threes) * sum(ties, threes)) / (36 * n * (n - 1) * (n - 2)) : 0) +
    (sum(sizes, twos) * sum(ties, twos)) / (8 * n * (n - 1));
  const statistic = ordered - (n * n - sum(sizes, (t) => t * t)) / 4;
  const z = variance > 0 ? statistic / Math.sqrt(variance) : 0;
  return { statistic, z, pValue: twoSidedZ(z), n, doses: sizes.length };
}

function countsOf(values: Values): Iterable<number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) counts.set(values[i]!, (counts.get(values[i]!) ?? 0) + 1);
  return counts.values();
}
