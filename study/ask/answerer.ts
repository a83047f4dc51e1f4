import {
  bandwidthCurves,
  chooseBandwidth,
  chooseEstimator,
  countPoints,
  type EstimatorChoice,
  estimateBy,
  type KernelName,
  type OpenEstimatorsOptions,
  openEstimators,
  openPoints,
} from '../../density/index.js';
import { type Embedder, reopenEmbedder } from '../../indexer/index.js';
import {
  type Calibration,
  type Corpus,
  calibrationOf,
  corpusNamed,
  DataError,
  frameOf,
  listCorpora,
  listMeasurements,
  projectionNamed,
  type Study,
  UsageError,
} from '../../store/index.js';
import { PROJECTION } from '../names.js';
import { place } from '../projection/index.js';
import { type AskedDensity, describeEstimates, rowsBySource } from './asked-density.js';
import { type ViewOptions, viewsOf } from './views.js';

/** How a density is asked for. */
export interface AnswerOptions extends ViewOptions {
  kernel: KernelName;
  /** By default that of the calibration, or of the newest measurement, of these corpora and this kernel. */
  bandwidth?: number | undefined;
  /** Other bandwidths to know the density at too; none by default. */
  curve?: readonly number[];
  /** By default the one that the work asks for. */
  estimator?: EstimatorChoice;
  /** Of an estimator that draws, and of noise; 1 by default. */
  seed?: number | undefined;
  /** Nearest training texts to name. */
  neighbours: number;
  /** Documents that hold most of the density to name; by default none. */
  documents?: number;
  /** The name of a projection to place the texts or vectors in. */
  projection?: string | undefined;
  /** False for densities alone, without shares, documents and neighbours, which is faster. */
  attribution?: boolean;
}

/** Texts, or their vectors, `(queries, dims)` row-major of length 1. */
export type Asked = { texts: readonly string[] } | { vectors: Float32Array; dims: number };

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
  densities: AskedDensity[];
}

/** Some corpora that are open for one question after another. */
export interface Answerer {
  readonly dims: number;
  /**
   * Tells how much support the training data gives to each text or vector.
   *
   * @throws DataError for an empty text
   * @throws UsageError for vectors of other dims, a text where the corpora's vectors were made elsewhere, or noise where there is no text
   */
  answer(asked: Asked, options: AnswerOptions): Promise<Answers>;
  close(): Promise<void>;
}

/** Effective samples of an automatic bandwidth. */
const EFFECTIVE_SAMPLES = 100;

/**
 * Opens corpora to ask about; their embedder is opened with the first text.
 *
 * @param options whether calls that come while others are answered share a scan with them
 * @param named by default all that the embedder of the first one embedded
 * @throws UsageError for a corpus that is not there
 * @throws DataError for corpora of different embedders
 */
export function openAnswerer(
  study: Study,
  named?: readonly string[],
  options: OpenEstimatorsOptions = {},
): Answerer {
  const { db } = study;
  const corpora = corporaOf(study, named);
  const [first] = corpora as [Corpus];
  const names = corpora.map(({ name }) => name);
  const points = openPoints(study, names, first);
  const rows = rowsBySource(points);
  const n = countPoints(points);
  const open = openEstimators(points, options);
  const { dims } = points[0]!.reader;
  let embedder: Promise<Embedder> | undefined;
  return { dims, answer, close };

  async function answer(asked: Asked, options: AnswerOptions): Promise<Answers> {
    const { kernel, curve = [], estimator: chosen = chooseEstimator(), seed = 1 } = options;
    const { neighbours, documents = 0, attribution = true } = options;
    const texts = 'texts' in asked ? trimmed(asked.texts) : undefined;
    if ('vectors' in asked && asked.dims !== dims) {
      throw new UsageError(`The vectors have ${asked.dims} dims; those of ${names.join(', ')} have ${dims}.`);
    }
    const vectors = 'vectors' in asked ? asked.vectors : await embed(texts!);
    const calibration = calibrationOf(db, names, kernel);
    const { bandwidth, rule } =
      options.bandwidth === undefined
        ? (knownBandwidth(study, names, kernel, calibration) ??
          (await chooseBandwidth(vectors, points, { kernel, effectiveSamples: fewEnough(n) })))
        : { bandwidth: options.bandwidth, rule: 'given' };
    const settings = { kernel, bandwidth, neighbours, documents, attribution, seed };
    const { estimates, estimator } = await estimateBy(chosen, vectors, points, settings, open.estimators);
    const curves =
      curve.length > 0 ? await bandwidthCurves(vectors, points, { kernel, bandwidths: curve }) : [];
    const asText = texts && { texts, embedder: await openedEmbedder() };
    const places = options.projection === undefined ? undefined : await placesIn(options.projection, vectors);
    const views = await viewsOf(vectors, points, asText, { ...options, bandwidth, seed });
    const calibrated = calibration?.bandwidth === bandwidth ? calibration : undefined;
    const described = describeEstimates(study, estimates, { rows, calibration: calibrated });
    return {
      ...{ corpora: names, embedder: first.embedder, kernel, bandwidth, bandwidthRule: rule },
      ...{ estimator: estimator.name, estimatorRule: estimator.rule, points: n },
      densities: described.map((density, i) => ({
        text: texts?.[i] ?? null,
        ...density,
        curve: curves[i] ?? [],
        place: places ? [places[2 * i]!, places[2 * i + 1]!] : null,
        ...views[i],
      })),
    };
  }

  async function embed(texts: readonly string[]): Promise<Float32Array> {
    const { vectors } = await (await openedEmbedder()).embed(texts, 'query');
    return vectors;
  }

  async function placesIn(name: string, vectors: Float32Array): Promise<Float32Array> {
    const projection = projectionNamed(db, name);
    if (projection.fingerprint !== first.fingerprint) {
      throw new UsageError(`Projection "${name}" is of another embedder's vectors than ${names.join(', ')}.`);
    }
    return place(vectors, frameOf(db, projection.id), { dims });
  }

  async function openedEmbedder(): Promise<Embedder> {
    embedder ??= reopenEmbedder(first);
    return embedder;
  }

  async function close(): Promise<void> {
    open.close();
    for (const { reader } of points) reader.close();
    await (await embedder)?.close();
  }
}

/** As chunks are, without white space at their ends. */
function trimmed(given: readonly string[]): string[] {
  const texts = given.map((text) => text.trim());
  const empty = texts.indexOf('');
  if (empty >= 0) throw new DataError(`Text ${empty + 1} is empty.`);
  return texts;
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
    (one) =>
      one.kernel === kernel && one.name !== PROJECTION && [...one.corpora].sort().join('\n') === wanted,
  );
  return measured && { bandwidth: measured.bandwidth, rule: `that of measurement ${measured.name}` };
}
