import { UsageError } from '../store/index.js';
import type { CorpusDensities, SweepDensities } from './sweep-pass.js';

/** A query's density from a sweep. */
export interface SweepEstimate {
  /** log f in nats. */
  logDensity: number;
  /** log f is off by at most this, nats; infinite where the bins are too wide for the bandwidth to promise anything. */
  errorBound: number;
  /** Effective number of supporting points, (Σwk)²/Σ(wk)². */
  effectiveSamples: number;
}

/**
 * The density of a weighted mixture of corpora, f = Σ w·f_c / Σ w, from the sweep that measured them one by one: weights 1
 * and 0 leave corpora out, the default, each corpus's number of points, is the density of all points together.
 *
 * @param weights by name of corpus, at least 0; a corpus that is not named has weight 0
 * @returns one estimate a query
 * @throws UsageError for a corpus that the sweep did not measure, or weights that are negative or all 0
 */
export function mixtureDensity(
  { corpora }: SweepDensities,
  weights: Readonly<Record<string, number>> = Object.fromEntries(
    corpora.map(({ corpus, points }) => [corpus, points]),
  ),
): SweepEstimate[] {
  const total = totalWeight(corpora, weights);
  const parts = corpora.map((one) => ({ ...one, share: (weights[one.corpus] ?? 0) / total }));
  const mixed = parts.filter(({ share }) => share > 0);
  return Array.from(mixed[0]!.logDensity, (_, q) => {
    const logDensity = logSumExp(mixed.map((one) => Math.log(one.share) + one.logDensity[q]!));
    // A point of corpus c weighs share/n: Σ(wk)² = share²/n · (1/n)Σk².
    const logSquares = logSumExp(
      mixed.map((one) => 2 * Math.log(one.share) - Math.log(one.points) + one.logSquares[q]!),
    );
    return {
      logDensity,
      errorBound: Math.max(...mixed.map(({ errorBound }) => errorBound[q]!)),
      effectiveSamples: Math.exp(2 * logDensity - logSquares),
    };
  });
}

function totalWeight(corpora: readonly CorpusDensities[], weights: Readonly<Record<string, number>>): number {
  const names = corpora.map(({ corpus }) => corpus);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) {
      throw new UsageError(
        `There is no corpus "${name}" in the sweep to give a weight; there are: ${names.join(', ')}.`,
      );
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new UsageError(`The weight of corpus "${name}" must be a number of at least 0, not ${weight}.`);
    }
  }
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) throw new UsageError('The weights of a mixture must not all be 0.');
  return total;
}

/** log Σ exp(log), without overflow. */
export function logSumExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
