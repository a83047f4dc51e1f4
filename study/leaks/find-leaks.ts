import { randomLcg, shuffler } from 'd3';
import {
  type BandwidthChoice,
  bandwidthBy,
  countPoints,
  type DensityEstimate,
  type EstimatorChoice,
  estimateBy,
  type KernelName,
  openPoints,
  type Points,
} from '../../density/index.js';
import {
  chunkAt,
  DataError,
  type LeakSearch,
  type LeakSuspect,
  type OnProgress,
  queriesOf,
  querySetNamed,
  readQueryVectors,
  replaceLeakSearch,
  type Study,
} from '../../store/index.js';
import { wordsOf } from '../controls/words.js';
import { ngramOverlap } from '../interventions/index.js';
import { scoreExceededBy } from '../statistics/index.js';
import { type Evidence, judgeFrom } from './evidence.js';
import { countWords, rarityAmong, type WordCounts, wordOverlap } from './word-overlap.js';

/** Where to look for leaks of which queries. */
export interface LeakSearchOptions {
  querySet: string;
  corpora: readonly string[];
  kernel: KernelName;
  bandwidth: BandwidthChoice;
  estimator: EstimatorChoice;
  /** The share of queries without a leak that may be suspected, by the calibration; .001 by default. */
  alarm?: number;
  seed: number;
  onProgress?: OnProgress;
}

/** Suspected from where a query without a leak is once in so many. */
export const ALARM = 0.001;
/** Nearest training texts that may be the leak. */
const NEAREST = 10;
/** Of a training text that the scores are calibrated on, as chunks of its own document and copies of it are passed over. */
const NEAREST_OF_TRAINING = 30;
const MOST_CALIBRATED = 1000;
/** Fewer training texts than this do not show what is usual. */
const FEWEST_CALIBRATED = 20;

/** A training text near a text, and what speaks for its being a copy or rewording of it. */
interface Neighbour extends Evidence {
  corpusId: number;
  row: number;
  text: string;
}

/**
 * Looks for copies and rewordings of queries among the training texts nearest to them, by how similar they are, how much
 * of the density they hold and which words they share, and keeps the likeliest of every query with its score in the study.
 *
 * Scores are calibrated on the training data itself: on texts around the queries, and their nearest texts of other
 * documents that are no copies. A score is in standard deviations above what these are to each other.
 *
 * @returns the search, and every query's suspect from the highest score down
 * @throws UsageError for a query set or corpus that is not there
 * @throws DataError where the training texts are too few to calibrate on
 */
export async function findLeaks(
  study: Study,
  options: LeakSearchOptions,
): Promise<{ search: LeakSearch; suspects: LeakSuspect[] }> {
  const { kernel, estimator: choice, alarm = ALARM, seed, onProgress } = options;
  if (!(alarm > 0 && alarm < 0.5)) throw new RangeError(`The alarm is a share below 1/2, not ${alarm}.`);
  const set = querySetNamed(study.db, options.querySet);
  const queries = queriesOf(study.db, set.id);
  const vectors = readQueryVectors(study, set.name, queries.length);
  const points = openPoints(study, options.corpora, set);
  const texts = textCache(study);
  try {
    const { bandwidth, rule } = await bandwidthBy(options.bandwidth, vectors, points, { kernel, seed });
    const near = async (asked: Float32Array, neighbours: number) => {
      const settings = {
        kernel,
        bandwidth,
        neighbours,
        documents: 0,
        seed,
        ...(onProgress && { onProgress }),
      };
      return estimateBy(choice, asked, points, settings);
    };
    const { estimates, estimator } = await near(vectors, NEAREST);
    const training = rowsAround(estimates, seed);
    if (training.length < FEWEST_CALIBRATED) {
      throw new DataError(
        `${options.corpora.join(', ')}: there are ${training.length} training texts around the queries, too few to tell what is usual; at least ${FEWEST_CALIBRATED} are needed.`,
      );
    }
    const own = await near(vectorsOf(points, training, set.dims), NEAREST_OF_TRAINING);

    const rarity = rarityAmong(nearTexts(estimates));
    const compare = (text: string, found: DensityEstimate['neighbours']): Neighbour[] => {
      const counts = countWords(text);
      return found.map(({ corpusId, row, distance, share }) => {
        const other = texts(corpusId, row);
        const words = wordOverlap(counts, other.counts, rarity);
        return { corpusId, row, text: other.text, similarity: 1 - distance ** 2 / 2, share, words };
      });
    };
    const judge = judgeFrom(
      training
        .map((at, i) => compare(texts(at.corpusId, at.row).text, othersOf(at, own.estimates[i]!)))
        .filter((neighbours) => neighbours.length > 0),
    );
    const suspects = queries.flatMap(({ id, text }, q): LeakSuspect[] => {
      const [best] = compare(text, estimates[q]!.neighbours)
        .map((one) => ({ ...one, score: judge.score(one) }))
        .sort((a, b) => b.score - a.score);
      if (!best) return [];
      const { text: found, ...suspect } = best;
      return [{ queryId: id, ...suspect, copied: ngramOverlap([...wordsOf(text)], [...wordsOf(found)]) }];
    });
    const settings = { kernel, bandwidth, bandwidthRule: rule, estimator: estimator.name, alarm, seed };
    const search = replaceLeakSearch(
      study.db,
      {
        ...{ querySetId: set.id, corpora: [...options.corpora], ...settings },
        ...{ points: countPoints(points), calibrated: training.length, threshold: scoreExceededBy(alarm) },
      },
      suspects,
    );
    return { search, suspects: suspects.sort((a, b) => b.score - a.score) };
  } finally {
    for (const { reader } of points) reader.close();
  }

  /** The neighbours of a training text of other documents that are not the same text, with shares of the density without those. */
  function othersOf({ corpusId, row }: Row, { neighbours }: DensityEstimate) {
    const documentOf = new Map(points.map((one) => [one.corpusId, one.documentOfRow]));
    const { text } = texts(corpusId, row);
    const isOther = (one: Row) =>
      !(one.corpusId === corpusId && documentOf.get(corpusId)![one.row] === documentOf.get(corpusId)![row]) &&
      texts(one.corpusId, one.row).text !== text;
    const others = neighbours.filter(isOther);
    const left = 1 - neighbours.reduce((sum, one) => sum + (isOther(one) ? 0 : one.share), 0);
    return others.slice(0, NEAREST).map((one) => ({ ...one, share: left > 0 ? one.share / left : 0 }));
  }

  function* nearTexts(estimates: readonly DensityEstimate[]): Generator<WordCounts> {
    const seen = new Set<WordCounts>();
    for (const { neighbours } of estimates) {
      for (const { corpusId, row } of neighbours) {
        const { counts } = texts(corpusId, row);
        if (!seen.has(counts)) yield counts;
        seen.add(counts);
      }
    }
  }
}

interface Row {
  corpusId: number;
  row: number;
}

/** One of the nearest training texts of every query, drawn at random, all different. */
function rowsAround(estimates: readonly DensityEstimate[], seed: number): Row[] {
  const random = randomLcg(seed);
  const drawn = new Map<string, Row>();
  for (const { neighbours } of estimates) {
    const one = neighbours[Math.floor(random() * neighbours.length)];
    if (one) drawn.set(`${one.corpusId}/${one.row}`, { corpusId: one.corpusId, row: one.row });
  }
  return shuffler(random)([...drawn.values()]).slice(0, MOST_CALIBRATED);
}

/** The vectors of rows, `(rows, dims)` row-major. */
function vectorsOf(points: readonly Points[], rows: readonly Row[], dims: number): Float32Array {
  const vectors = new Float32Array(rows.length * dims);
  const readerOf = new Map(points.map(({ corpusId, reader }) => [corpusId, reader]));
  rows.forEach(({ corpusId, row }, i) => {
    readerOf.get(corpusId)!.read(row, 1, vectors.subarray(i * dims, (i + 1) * dims));
  });
  return vectors;
}

/** Training texts and their words, read once. */
function textCache({ db }: Study): (corpusId: number, row: number) => { text: string; counts: WordCounts } {
  const known = new Map<string, { text: string; counts: WordCounts }>();
  return (corpusId, row) => {
    const key = `${corpusId}/${row}`;
    let found = known.get(key);
    if (!found) {
      const { text } = chunkAt(db, corpusId, row)!;
      found = { text, counts: countWords(text) };
      known.set(key, found);
    }
    return found;
  };
}
