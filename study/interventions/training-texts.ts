import { randomLcg } from 'd3';
import {
  chunkAt,
  chunkCount,
  corpusNamed,
  measurementNamed,
  neighboursOf,
  type Query,
  type Study,
  UsageError,
} from '../../store/index.js';
import { ngramOverlap } from './paraphrase/index.js';

/** Training texts to be leaked once more in the arms that are compared with leaks. */
export interface TrainingTexts {
  /** The nearest to a query that are no leak of it. */
  near(query: Query, count: number): string[];
  /** Drawn at random, by seed and query. */
  random(query: Query, count: number): string[];
}

/** Word 4-grams in common with a query from which a training text is a leak of it, and no text on its topic. */
const LEAK_OVERLAP = 0.3;

/**
 * The training texts near queries, by a measurement that kept neighbours, and those of its corpora at random.
 *
 * @throws UsageError for a measurement that is not there
 */
export function trainingTexts(
  { db }: Study,
  measurementName: string,
  kernel: string,
  seed: number,
): TrainingTexts {
  const measurement = measurementNamed(db, measurementName, kernel);
  if (!measurement)
    throw new UsageError(`There is no measurement "${measurementName}" by the ${kernel} kernel.`);
  const corpora = measurement.corpora.map((name) => corpusNamed(db, name));
  const counts = corpora.map(({ id }) => chunkCount(db, id));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return {
    near(query, count) {
      const own = words(query.text);
      return neighboursOf(db, measurement.id, query.id)
        .map(({ corpusId, row }) => chunkAt(db, corpusId, row)!.text)
        .filter((text) => ngramOverlap(own, words(text)) <= LEAK_OVERLAP)
        .slice(0, count);
    },
    random(query, count) {
      const random = randomLcg((seed + query.id) / 2 ** 32);
      random();
      return Array.from({ length: count }, () => {
        let at = Math.floor(random() * total);
        let corpus = 0;
        while (at >= counts[corpus]!) at -= counts[corpus++]!;
        return chunkAt(db, corpora[corpus]!.id, at)!.text;
      });
    },
  };
}
