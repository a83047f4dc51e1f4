import { median } from 'd3';
import {
  addOutcomes,
  DataError,
  deleteOutcomes,
  ensureRun,
  metricsOf,
  type OnProgress,
  type Query,
  type QueryMetrics,
  queriesOf,
  querySetNamed,
  runByName,
  type Study,
  setCovariates,
} from '../../../store/index.js';
import { columnsNamed } from './columns.js';
import type { MatchedBy } from './match.js';
import { type MatchedRecord, type MatchOptions, matchRecords } from './match-records.js';
import type { RunFiles } from './pattern.js';
import { requirePlausible } from './plausible.js';
import { readOutcomeRecords } from './read-outcome-records.js';

/** How outcomes are imported. */
export interface ImportOptions extends MatchOptions {
  querySet: string;
  base: string;
  /** Outcomes that the run has on the query set already go. */
  replace: boolean;
  onProgress?: OnProgress | undefined;
}

/** What was imported for one run. */
export interface ImportedRun {
  run: string;
  records: number;
  /** Records by how their queries were found. */
  matched: Partial<Record<MatchedBy, number>>;
  /** Records whose query is not in the set, with the first few. */
  withoutQuery: { count: number; first: string[] };
  queriesWithoutOutcome: number;
  /** Queries that have each metric. */
  metrics: Record<string, number>;
  /** The median over the queries, nats a token: units that were mistaken show here. Null where it is not known. */
  medianLoss: number | null;
  /** The median over the queries, bits a byte; null where it is not known. */
  medianBitsPerByte: number | null;
}

const FEW = 3;

/**
 * Reads the outcomes of runs from files and keeps them, of all runs or of none.
 *
 * @throws UsageError for a query set, files, columns or a filter that are not there
 * @throws DataError for a value that cannot be, with its file and row; for two records of one query; where no record is
 *   of any query; and where the run has such outcomes already and they are not to be replaced
 */
export async function importOutcomes(
  study: Study,
  runs: readonly RunFiles[],
  options: ImportOptions,
): Promise<ImportedRun[]> {
  const set = querySetNamed(study.db, options.querySet);
  const queries = queriesOf(study.db, set.id);
  const read: { run: RunFiles; matched: MatchedRecord[]; outcomes: QueryMetrics[] }[] = [];
  for (const run of runs) {
    options.onProgress?.({ step: 'reading outcomes', done: read.length, total: runs.length, unit: 'runs' });
    const matched = await readRun(run, queries, options);
    read.push({ run, matched, outcomes: outcomesFrom(run, matched, options.querySet) });
  }
  const { columns, byRow, filter } = options;
  study.db.transaction(() => {
    for (const { run, outcomes } of read) {
      const before = runByName(study.db, run.run);
      if (before && options.replace) deleteOutcomes(study.db, before.id, set.id);
      if (before) requireNew(study, run.run, set, outcomes);
      const settings = { files: run.files, columns, byRow, filter };
      const made = { name: run.run, scorer: 'import', settings };
      const { id } = before && !options.replace ? before : ensureRun(study.db, made);
      setCovariates(study.db, run.run, run.covariates);
      addOutcomes(study.db, id, outcomes);
    }
  })();
  return read.map(({ run, matched, outcomes }) => summary(run.run, matched, outcomes, queries.length));
}

async function readRun(
  run: RunFiles,
  queries: readonly Query[],
  options: ImportOptions,
): Promise<MatchedRecord[]> {
  const records = [];
  for await (const record of readOutcomeRecords(run.files, options.base, columnsNamed(options.columns))) {
    records.push(record);
  }
  const matched = matchRecords(records, queries, options);
  for (const { at, metrics } of matched) requirePlausible(at, metrics);
  return matched;
}

function outcomesFrom(
  { run }: RunFiles,
  matched: readonly MatchedRecord[],
  querySet: string,
): QueryMetrics[] {
  const taken = new Map<number, string>();
  const outcomes = matched.flatMap(({ at, metrics, match }) => {
    if (!match) return [];
    const before = taken.get(match.queryId);
    if (before !== undefined) {
      throw new DataError(`${at}: another outcome of the query that ${before} is of, for run "${run}".`);
    }
    taken.set(match.queryId, at);
    return [{ queryId: match.queryId, metrics }];
  });
  if (outcomes.length > 0) return outcomes;
  throw new DataError(
    `None of ${matched.length} records (${matched[0]!.at}, …) is of a query of "${querySet}". Name their column of keys with --key, or make the query set of the same documents with --id.`,
  );
}

function requireNew(
  { db }: Study,
  run: string,
  set: { id: number; name: string },
  outcomes: readonly QueryMetrics[],
): void {
  const has = metricsOf(db, run, set.id);
  const twice = new Set(
    outcomes.flatMap(({ queryId, metrics }) =>
      Object.keys(metrics).filter((name) => has.get(name)?.has(queryId)),
    ),
  );
  if (twice.size === 0) return;
  throw new DataError(
    `Run "${run}" has ${[...twice].join(', ')} of queries of "${set.name}" already. Replace them with --replace.`,
  );
}

function summary(
  run: string,
  matched: readonly MatchedRecord[],
  outcomes: readonly QueryMetrics[],
  queries: number,
): ImportedRun {
  const without = matched.filter(({ match }) => !match).map(({ at }) => at);
  return {
    run,
    records: matched.length,
    matched: countBy(matched.flatMap(({ match }) => match?.by ?? [])),
    withoutQuery: { count: without.length, first: without.slice(0, FEW) },
    queriesWithoutOutcome: queries - outcomes.length,
    metrics: countBy(outcomes.flatMap(({ metrics }) => Object.keys(metrics))),
    medianLoss: median(outcomes, ({ metrics: { nll, tokens, loss } }) => loss ?? nll! / tokens!) ?? null,
    medianBitsPerByte: median(outcomes, ({ metrics: { nll, bytes } }) => nll! / bytes! / Math.LN2) ?? null,
  };
}

function countBy<T extends string>(names: readonly T[]): Partial<Record<T, number>> & Record<string, number> {
  const counts = new Map<T, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts) as Record<T, number>;
}
