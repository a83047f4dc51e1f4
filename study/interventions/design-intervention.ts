import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Embedder, hashOf, indexCorpus } from '../../indexer/index.js';
import {
  DataError,
  densitiesOf,
  dropCorpus,
  type Intervention,
  measurementNamed,
  type OnProgress,
  type Query,
  queriesOf,
  querySetNamed,
  replaceIntervention,
  type Study,
  UsageError,
} from '../../store/index.js';
import { type ArmSettings, armFrom, UNTOUCHED } from './arms.js';
import { type Assignment, assignArms, blocksOf, drawUntouchedDocuments } from './design.js';
import { type FinetuneFormat, finetuneLine } from './finetune-file.js';
import { type Leaks, makeLeaks } from './leaks.js';
import { openParaphraseSource, type ParaphraserSettings } from './paraphrase/index.js';
import { trainingTexts } from './training-texts.js';

/** How an intervention is drawn. */
export interface DesignOptions {
  name: string;
  querySet: string;
  /** Only queries of this kind; all if left out. */
  kind?: string | undefined;
  arms: readonly ArmSettings[];
  /** Share of the documents of which nothing is leaked. */
  untouched: number;
  /** The measurement before, and its kernel. */
  measurement: string;
  kernel: string;
  paraphraser: ParaphraserSettings;
  /** Cosine similarity to the query that a paraphrase must have. */
  band: [number, number];
  format: FinetuneFormat;
  /** What a paraphraser's file is named relative to. */
  base: string;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** A drawn intervention, and the files that a trainer reads. */
export interface DesignedIntervention {
  intervention: Intervention;
  /** `finetune.jsonl`: the texts that are leaked; `queries.jsonl`: what is scored afterwards; `manifest.json`: who got what. */
  folder: string;
}

/**
 * Draws arms within blocks of like queries, makes the texts to be leaked, keeps both in the study, the texts as a corpus of the intervention's name, and
 * writes the files to train on.
 *
 * @throws UsageError for a query set, measurement, file or endpoint that is not there
 * @throws DataError where there are no queries
 */
export async function designIntervention(
  study: Study,
  embedder: Embedder,
  options: DesignOptions,
): Promise<DesignedIntervention> {
  const { name, kind, seed, arms } = options;
  const set = querySetNamed(study.db, options.querySet);
  const all = queriesOf(study.db, set.id);
  const queries = kind === undefined ? all : all.filter((query) => query.kind === kind);
  if (queries.length === 0) throw new DataError(`Intervention ${name}: no query is of kind "${kind}".`);
  const assignments = assign(study, queries, options);
  const paraphrases = await openParaphraseSource(options.paraphraser, options.base);
  const texts = trainingTexts(study, options.measurement, options.kernel, seed);
  const leaks = await makeLeaks(queries, assignments, {
    ...{ arms, paraphrases, embedder, band: options.band, seed, onProgress: options.onProgress },
    placeboTexts: texts.near,
    unrelatedTexts: texts.random,
  });
  const queryOf = new Map(all.map((query) => [query.id, query]));
  const lines = leaks.documents.map(({ text, meta }) =>
    finetuneLine(text, queryOf.get(meta.query as number)!, options.format),
  );
  const intervention: Intervention = {
    ...{ name, querySetId: set.id, seed, paraphraser: paraphrases.name, band: options.band },
    ...{ arms: leaks.arms, rejected: leaks.rejected, missing: leaks.missing },
  };
  replaceIntervention(
    study.db,
    intervention,
    assignments.map(({ query, arm, dose, block }) => ({ queryId: query, arm, dose, block })),
  );
  await indexLeaks(study, embedder, leaks, options);
  const folder = writeFiles(study, queryOf, assignments, lines, intervention, options);
  return { intervention, folder };
}

/** Draws the untouched documents, and arms for the other queries within blocks of their subject and density before. */
function assign(
  { db }: Study,
  queries: readonly Query[],
  { measurement: name, kernel, untouched: share, arms, seed }: DesignOptions,
): Assignment[] {
  const measurement = measurementNamed(db, name, kernel);
  if (!measurement)
    throw new UsageError(`There is no measurement "${name}" by the ${kernel} kernel: measure first.`);
  const densities = densitiesOf(db, measurement.id);
  const documents = queries.map(({ document }) => document);
  const untouched = drawUntouchedDocuments(documents, share, seed);
  const touched = queries.filter(({ document }) => !untouched.has(document));
  const known = touched.map(({ id, source }) => ({
    id,
    subject: source,
    log10Density: densities.get(id)!.log10Density,
  }));
  const drawn = assignArms(blocksOf(known, arms.length), arms.map(armFrom), seed);
  const left = queries
    .filter(({ document }) => untouched.has(document))
    .map(({ id, source }) => ({ query: id, arm: UNTOUCHED, dose: 0, block: source }));
  return [...drawn, ...left];
}

async function indexLeaks(
  study: Study,
  embedder: Embedder,
  { documents }: Leaks,
  { name, seed, onProgress }: DesignOptions,
): Promise<void> {
  dropCorpus(study, name);
  await indexCorpus(study, embedder, inTurn(documents), {
    ...{ name, role: 'intervention', chunk: { by: 'document' }, holdOut: 0, seed },
    key: hashOf(documents.map(({ key, text }) => [key, text])),
    settings: { intervention: name },
    ...(onProgress && { onProgress }),
  });
}

function writeFiles(
  study: Study,
  queryOf: ReadonlyMap<number, Query>,
  assignments: readonly Assignment[],
  finetune: readonly string[],
  intervention: Intervention,
  { format }: DesignOptions,
): string {
  const folder = study.interventionFolder(intervention.name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, content: string) => {
    writeFileSync(join(folder, `${file}.part`), content);
    renameSync(join(folder, `${file}.part`), join(folder, file));
  };
  const lines = (items: readonly string[]) => items.map((item) => `${item}\n`).join('');
  write('finetune.jsonl', lines(finetune));
  const queries = [...queryOf.values()];
  write('queries.jsonl', lines(queries.map(({ key, text, meta }) => JSON.stringify({ key, text, meta }))));
  const drawn = assignments.map(({ query, arm, dose, block }) => {
    return { key: queryOf.get(query)!.key, arm, dose, block };
  });
  const { querySetId: _, ...rest } = intervention;
  write('manifest.json', `${JSON.stringify({ ...rest, format, assignments: drawn }, null, 2)}\n`);
  return folder;
}

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
