import { max } from 'd3';
import { type Study, UsageError } from '../../store/index.js';
import { type DensityAtOptions, logDensitiesAt } from './density-at.js';

/** How the documents of a corpus are weighted. */
export const WEIGHTINGS = ['inverse-density', 'ratio'] as const;
export type Weighting = (typeof WEIGHTINGS)[number];

/** Settings of weights. */
export interface WeightOptions extends Omit<DensityAtOptions, 'corpora'> {
  by: Weighting;
  /** For `ratio`: the corpora whose density is wanted. */
  towards?: readonly string[] | undefined;
  /** The power of the density, or ratio; 1 by default. Nearer to 0 keeps more of the corpus as it is. */
  power: number;
  /** The largest weight, times the mean. */
  most: number;
}

/** A document and how often it is to be drawn, relative to the mean. */
export interface WeightedDocument {
  document: string;
  source: string;
  weight: number;
  /** log10 of the density at it: of the corpus itself, and of those wanted; null without. */
  log10Density: number;
  log10Wanted: number | null;
}

/** Weights, and the number of documents of equal weight that would be drawn as variedly: (Σw)²/Σw². */
export interface DocumentWeights {
  documents: WeightedDocument[];
  effectiveDocuments: number;
  /** Documents whose weight is cut. */
  cut: number;
}

/**
 * Weights to draw the documents of a corpus by: in inverse proportion to its own density at them, so that what is said often is
 * not trained on as often; or by the ratio of the density of other corpora to its own, so that it becomes more like these.
 *
 * @throws UsageError where a ratio is asked for without corpora
 */
export async function documentWeights(
  study: Study,
  corpus: string,
  options: WeightOptions,
): Promise<DocumentWeights> {
  const { by, towards, power, most, ...density } = options;
  if (by === 'ratio' && !towards?.length)
    throw new UsageError('A ratio needs the corpora that are wanted: --towards.');
  const { documents, logDensities: own } = await logDensitiesAt(study, corpus, {
    ...density,
    corpora: [corpus],
  });
  const wanted =
    by === 'ratio'
      ? (await logDensitiesAt(study, corpus, { ...density, corpora: towards! })).logDensities
      : null;
  const logs = own.map((log, d) => power * ((wanted?.[d] ?? 0) - log));
  const top = max(logs)!;
  const raw = logs.map((log) => Math.exp(log - top));
  const { weights, cut } = cutWeights(raw, most);
  const sum = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, b) => a + b * b, 0);
  return {
    documents: documents.map(({ key, source }, d) => ({
      document: key,
      source,
      weight: weights[d]!,
      log10Density: own[d]! / Math.LN10,
      log10Wanted: wanted ? wanted[d]! / Math.LN10 : null,
    })),
    effectiveDocuments: sum ** 2 / squares,
    cut,
  };
}

/** Weights of mean 1, none above `most`: what is cut off goes to the others, until none is above. */
function cutWeights(raw: Float64Array, most: number): { weights: Float64Array; cut: number } {
  let weights = raw;
  for (let round = 0; ; round++) {
    const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
    weights = weights.map((weight) => weight / mean);
    const over = weights.reduce((count, weight) => count + Number(weight > most * (1 + 1e-9)), 0);
    if (over === 0 || round === 100) {
      return {
        weights,
        cut: weights.reduce((count, weight) => count + Number(weight > most * (1 - 1e-6)), 0),
      };
    }
    weights = weights.map((weight) => Math.min(weight, most));
  }
}
