import pLimit from 'p-limit';
import {
  addOutcomes,
  DataError,
  ensureRun,
  Interrupted,
  metricsOf,
  type OnProgress,
  type QueryMetrics,
  queriesOf,
  querySetNamed,
  runByName,
  type Study,
  UsageError,
} from '../../store/index.js';
import { readOutcomeRecords } from '../outcomes/import/read-outcome-records.js';
import type { Completer } from './completer.js';
import { lastWords, wordsIn } from './last-words.js';
import { type Memorised, memorised } from './memorised.js';

/** What is completed, and for which run it is kept. */
export interface MemoriseOptions {
  run: string;
  querySet: string;
  /** Queries of this kind alone. */
  kind?: string | undefined;
  /** Units at the end of a query that are to be completed; 50 by default. */
  count?: number | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface MemorisedRun {
  run: string;
  queries: number;
  /** Queries with less than twice as many units. */
  tooShort: number;
  unit: 'tokens' | 'words';
  count: number;
  /** Shares and means over the queries. */
  exactMatch: number;
  exactMatchLength: number;
  rougeL: number;
}

const COUNT = 50;
const KEEP_EVERY = 16;
const METRICS = ['exact_match_length', 'exact_match', 'rouge_l'] as const;

/**
 * Lets a model go on in the middle of queries, which are texts it may have been trained on, and keeps as outcomes of the run how far it wrote what
 * stood there. Queries that were completed before are passed over.
 *
 * @throws UsageError for a query set that is not there, or a run that was scored by something else
 * @throws DataError where no query is long enough
 * @throws Interrupted where the signal stopped it; what was completed is kept
 */
export async function memoriseRun(
  study: Study,
  completer: Completer,
  options: MemoriseOptions,
): Promise<MemorisedRun> {
  const { run: name, count = COUNT, onProgress, signal } = options;
  const { db } = study;
  const queries = chosenQueries(study, options);
  const run = ensureRunFor(study, name);
  const before = metricsOf(db, name, querySetNamed(db, options.querySet).id).get('exact_match');
  const work = queries.flatMap((query) => {
    const parts = completer.split(query.text, count);
    return parts ? [{ query, ...parts }] : [];
  });
  if (work.length === 0) throw tooShortFor(options.querySet, count, completer.unit);
  const left = work.filter(({ query }) => !before?.has(query.id));
  const limit = pLimit(completer.parallel);
  let unsaved: QueryMetrics[] = [];
  let done = work.length - left.length;
  let failed: unknown;
  const keep = () => {
    addOutcomes(db, run.id, unsaved);
    unsaved = [];
  };
  await Promise.all(
    left.map(({ query, prefix, target }) =>
      limit(async () => {
        if (failed !== undefined || signal?.aborted) return;
        try {
          const metrics = memorised(await completer.complete(prefix, count), target);
          unsaved.push({ queryId: query.id, metrics: { ...metrics } });
          if (unsaved.length >= KEEP_EVERY) keep();
          onProgress?.({ step: `completing for ${name}`, done: ++done, total: work.length, unit: 'queries' });
        } catch (error) {
          failed ??= error;
        }
      }),
    ),
  );
  keep();
  if (failed !== undefined) throw failed;
  if (signal?.aborted) throw new Interrupted('Stopped. Run the same command again: it goes on from there.');
  const summary = { run: name, unit: completer.unit, count, tooShort: queries.length - work.length };
  return {
    ...summary,
    ...means(
      study,
      options,
      work.map(({ query }) => query.id),
    ),
  };
}

/**
 * The same of completions in files, compared with the last words of the queries that they are of.
 *
 * @param completion the column that has the completion; `key` is the query's
 * @throws UsageError for files, columns or a query set that are not there
 * @throws DataError for a record of no query, or two of one
 */
export async function importCompletions(
  study: Study,
  files: readonly string[],
  base: string,
  { key, completion, ...options }: MemoriseOptions & { key: string; completion: string },
): Promise<MemorisedRun> {
  const { run: name, count = COUNT } = options;
  const byKey = new Map(chosenQueries(study, options).map((query) => [query.key, query]));
  const found = new Map<number, Memorised>();
  let tooShort = 0;
  for await (const { at, fields } of readOutcomeRecords(files, base, [key, completion])) {
    const query = byKey.get(String(fields[key]));
    if (!query)
      throw new DataError(`${at}: there is no query "${String(fields[key])}" in ${options.querySet}.`);
    if (found.has(query.id)) throw new DataError(`${at}: query "${query.key}" has a completion already.`);
    const parts = lastWords(query.text, count);
    if (!parts) tooShort++;
    else
      found.set(query.id, memorised(wordsIn(String(fields[completion] ?? '')).slice(0, count), parts.target));
  }
  if (found.size === 0) throw tooShortFor(options.querySet, count, 'words');
  const run = ensureRunFor(study, name);
  addOutcomes(
    study.db,
    run.id,
    Array.from(found, ([queryId, metrics]) => ({ queryId, metrics: { ...metrics } })),
  );
  return { run: name, unit: 'words', count, tooShort, ...means(study, options, [...found.keys()]) };
}

function chosenQueries({ db }: Study, { querySet, kind }: MemoriseOptions) {
  const set = querySetNamed(db, querySet);
  const queries = queriesOf(db, set.id).filter((query) => kind === undefined || query.kind === kind);
  if (queries.length === 0) throw new UsageError(`Query set "${querySet}" has no query of kind "${kind}".`);
  return queries;
}

/** The run of that name, as it is, or a new one. */
function ensureRunFor({ db }: Study, name: string) {
  return runByName(db, name) ?? ensureRun(db, { name, scorer: 'import' });
}

function tooShortFor(querySet: string, count: number, unit: string): DataError {
  return new DataError(
    `No query of ${querySet} has ${2 * count} ${unit}: the last ${count} are to be completed from at least as many. Give a smaller --count.`,
  );
}

function means({ db }: Study, { run, querySet }: MemoriseOptions, ids: readonly number[]) {
  const metrics = metricsOf(db, run, querySetNamed(db, querySet).id);
  const [length, exact, rouge] = METRICS.map((name) => {
    const values = ids.flatMap((id) => metrics.get(name)?.get(id) ?? []);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return { queries: ids.length, exactMatchLength: length!, exactMatch: exact!, rougeL: rouge! };
}
