import { cumsum } from 'd3';
import {
  chooseBandwidth,
  countPoints,
  type DensityEstimate,
  exactDensity,
  type KernelName,
  log10Of,
  openPoints,
} from '../../density/index.js';
import { reopenEmbedder } from '../../indexer/index.js';
import {
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

/** What texts are asked against. */
export interface AskOptions {
  /** By default all that the embedder of the first one embedded. */
  corpora?: readonly string[] | undefined;
  kernel: KernelName;
  /** By default that of the calibration, or of the newest measurement, of these corpora and this kernel. */
  bandwidth?: number | undefined;
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
export interface TextDensity {
  text: string;
  log10Density: number;
  /** (Σk)²/Σk². */
  effectiveSamples: number;
  /** Share of the sampled training points that are less dense; undefined without a calibration at this bandwidth. */
  percentile: number | undefined;
  /** Largest first, with what log10 density would change by without the source. */
  sources: { corpus: string; source: string; share: number; without: number }[];
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
  estimator: 'exact';
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
  const { kernel, neighbours, documents = 0 } = options;
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
            effectiveSamples: effectiveSamples(countPoints(points)),
          })))
        : { bandwidth: options.bandwidth, rule: 'given' };
    const estimates = await exactDensity(vectors, points, { kernel, bandwidth, neighbours, documents });
    const calibrated = calibration?.bandwidth === bandwidth ? calibration : undefined;
    const rows = rowsBySource(points);
    return {
      ...{ corpora: names, embedder: embedder.name, kernel, bandwidth, bandwidthRule: rule },
      ...{ estimator: 'exact', points: countPoints(points) },
      densities: estimates.map((estimate, i) => answer(study, texts[i]!, estimate, calibrated, rows)),
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

function effectiveSamples(points: number): number {
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
  { logDensity, effectiveSamples: samples, sources, documents, neighbours }: DensityEstimate,
  calibration: Calibration | undefined,
  rows: ReadonlyMap<string, number>,
): TextDensity {
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
    effectiveSamples: samples,
    percentile: calibration && percentileIn(calibration, log10Density),
    sources: sources.map(({ corpus, source, share }, s) => ({ corpus, source, share, without: without[s]! })),
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
