import { cumsum } from 'd3';
import {
  bandwidthCurves,
  chooseBandwidth,
  chooseEstimator,
  countPoints,
  type DensityEstimate,
  type EstimatorChoice,
  estimateBy,
  type KernelName,
  log10Of,
  openPoints,
} from '../../density/index.js';
import { reopenEmbedder } from '../../indexer/index.js';
import {
  type BandwidthDensity,
  type Calibration,
  type Corpus,
  calibrationOf,
  chunkAt,
  corpusNamed,
  DataError,
  listCorpora,
  listMeasurements,
  percentileIn,
  type Study,
  UsageError,
} from '../../store/index.js';
import { changesWithout } from '../coverage/index.js';
import { type DensityViews, type ViewOptions, viewsOf } from './views.js';

/** What texts are asked against. */
export interface AskOptions extends ViewOptions {
  /** By default all that the embedder of the first one embedded. */
  corpora?: readonly string[] | undefined;
  kernel: KernelName;
  /** By default that of the calibration, or of the newest measurement, of these corpora and this kernel. */
  bandwidth?: number | undefined;
  /** Other bandwidths to know the density at too; none by default. */
  curve?: readonly number[];
  /** By default exact. */
  estimator?: EstimatorChoice;
  /** Of an estimator that draws, and of noise; 1 by default. */
  seed?: number | undefined;
  /** Nearest training texts to name. */
  neighbours: number;
  /** Documents that hold most of the density to name; by default none. */
  documents?: number;
}

/** A training text near a query. */
export interface NearText {
  corpus: string;
  source: string;
  document: string;
  text: string;
  /** On the unit sphere, 0 to 2. */
  distance: number;
  /** Of the query's density. */
  share: number;
}

/** The density of one text, with what it rests on. */
export interface TextDensity extends DensityViews {
  text: string;
  log10Density: number;
  /** 95 % interval. */
  log10Low: number;
  log10High: number;
  /** Share of the training points that were looked at. */
  touched: number;
  /** (Σk)²/Σk². */
  effectiveSamples: number;
  /** Share of the sampled training points that are less dense; undefined without a calibration at this bandwidth. */
  percentile: number | undefined;
  /** Largest first, with the share's standard error and what log10 density would change by without the source. */
  sources: { corpus: string; source: string; share: number; standardError: number; without: number }[];
  /** At the other bandwidths asked for, smallest first. */
  curve: BandwidthDensity[];
  /** Those that hold most of the density, largest share first; `cumulative` adds up the shares so far. */
  documents: { corpus: string; document: string; share: number; cumulative: number }[];
  neighbours: NearText[];
}

/** The answers, and the settings that they hold for. */
export interface Answers {
  corpora: string[];
  embedder: string;
  kernel: KernelName;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /** How it was chosen. */
  estimatorRule: string;
  points: number;
  densities: TextDensity[];
}

/** Effective samples of an automatic bandwidth. */
const EFFECTIVE_SAMPLES = 100;

/**
 * Embeds texts with the embedder of the corpora and tells how much support the training data gives to each.
 *
 * @throws UsageError for a corpus that is not there, or whose embedder cannot be opened
 * @throws DataError for an empty text, or corpora of different embedders
 */
export async function ask(study: Study, given: readonly string[], options: AskOptions): Promise<Answers> {
  const corpora = corporaOf(study, options.corpora);
  const names = corpora.map(({ name }) => name);
  const {
    kernel,
    neighbours,
    documents = 0,
    curve = [],
    estimator: chosen = chooseEstimator(),
    seed = 1,
  } = options;
  // As chunks are, without white space at their ends.
  const texts = given.map((text) => text.trim());
  const empty = texts.indexOf('');
  if (empty >= 0) throw new DataError(`Text ${empty + 1} is empty.`);
  const embedder = await reopenEmbedder(corpora[0]!);
  const points = openPoints(study, names, embedder);
  try {
    const { vectors } = await embedder.embed(texts, 'query');
    const calibration = calibrationOf(study.db, names, kernel);
    const { bandwidth, rule } =
      options.bandwidth === undefined
        ? (knownBandwidth(study, names, kernel, calibration) ??
          (await chooseBandwidth(vectors, points, {
            kernel,
            effectiveSamples: fewEnough(countPoints(points)),
          })))
        : { bandwidth: options.bandwidth, rule: 'given' };
    const { estimates, estimator } = await estimateBy(chosen, vectors, points, {
      ...{ kernel, bandwidth, neighbours, documents, seed },
    });
    const curves =
      curve.length > 0 ? await bandwidthCurves(vectors, points, { kernel, bandwidths: curve }) : [];
    const views = await viewsOf(texts, vectors, points, embedder, { ...options, bandwidth, seed });
    const calibrated = calibration?.bandwidth === bandwidth ? calibration : undefined;
    const rows = rowsBySource(points);
    return {
      ...{ corpora: names, embedder: embedder.name, kernel, bandwidth, bandwidthRule: rule },
      ...{ estimator: estimator.name, estimatorRule: estimator.rule, points: countPoints(points) },
      densities: estimates.map((estimate, i) => ({
        ...answer(study, texts[i]!, estimate, calibrated, rows),
        curve: curves[i] ?? [],
        ...views[i],
      })),
    };
  } finally {
    for (const { reader } of points) reader.close();
    await embedder.close();
  }
}

/** The named corpora; by default those of one embedder. */
function corporaOf({ db, dir }: Study, named: readonly string[] | undefined): Corpus[] {
  if (named) return named.map((name) => corpusNamed(db, name));
  const corpora = listCorpora(db).filter(({ chunks, role }) => chunks > 0 && role !== 'intervention');
  const [first] = corpora;
  if (!first) throw new UsageError(`There is no corpus in ${dir} yet. Make one with: densimeter index`);
  return corpora.filter(({ fingerprint }) => fingerprint === first.fingerprint);
}

function fewEnough(points: number): number {
  return Math.min(EFFECTIVE_SAMPLES, Math.max(1, points / 2));
}

function knownBandwidth(
  study: Study,
  corpora: readonly string[],
  kernel: string,
  calibration: Calibration | undefined,
): { bandwidth: number; rule: string } | undefined {
  if (calibration) return { bandwidth: calibration.bandwidth, rule: 'that of the calibration' };
  const wanted = [...corpora].sort().join('\n');
  const measured = listMeasurements(study.db).findLast(
    (one) => one.kernel === kernel && [...one.corpora].sort().join('\n') === wanted,
  );
  return measured && { bandwidth: measured.bandwidth, rule: `that of measurement ${measured.name}` };
}

/** How many points each source of each corpus has. */
function rowsBySource(points: ReturnType<typeof openPoints>): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { corpus, documents, documentOfRow } of points) {
    for (const document of documentOfRow) {
      const key = `${corpus}\n${documents[document]!.source}`;
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
  }
  return rows;
}

function answer(
  study: Study,
  text: string,
  { logDensity, interval, touched, effectiveSamples, sources, documents, neighbours }: DensityEstimate,
  calibration: Calibration | undefined,
  rows: ReadonlyMap<string, number>,
): Omit<TextDensity, 'curve' | keyof DensityViews> {
  const log10Density = log10Of(logDensity);
  const names = new Map(listCorpora(study.db).map(({ id, name }) => [id, name]));
  const points = [...rows.values()].reduce((sum, count) => sum + count, 0);
  const without = changesWithout(
    sources.map(({ share }) => share),
    sources.map(({ corpus, source }) => rows.get(`${corpus}\n${source}`)!),
    points,
  );
  const cumulative = cumsum(documents, ({ share }) => share);
  return {
    text,
    log10Density,
    log10Low: log10Of(interval[0]),
    log10High: log10Of(interval[1]),
    touched,
    effectiveSamples,
    percentile: calibration && percentileIn(calibration, log10Density),
    sources: sources.map(({ corpus, source, share, standardError }, s) => {
      return { corpus, source, share, standardError, without: without[s]! };
    }),
    documents: documents.map(({ corpus, document, share }, d) => ({
      ...{ corpus, document, share },
      cumulative: cumulative[d]!,
    })),
    neighbours: neighbours.map(({ corpusId, row, distance, share }) => {
      const chunk = chunkAt(study.db, corpusId, row)!;
      const { document, source, text: near } = chunk;
      return { corpus: names.get(corpusId)!, source, document, text: near, distance, share };
    }),
  };
}
