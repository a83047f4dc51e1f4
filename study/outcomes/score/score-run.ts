import pLimit from 'p-limit';
import {
  addOutcomes,
  DataError,
  deleteOutcomes,
  ensureRun,
  Interrupted,
  metricsOf,
  type OnProgress,
  type Query,
  type QueryMetrics,
  queriesOf,
  querySetNamed,
  type Run,
  runByName,
  type Study,
  UsageError,
} from '../../../store/index.js';
import { requirePlausible } from '../import/plausible.js';
import { type ScoredPart, scoredText } from './scored-text.js';
import type { Scorer } from './scorer.js';

/** What a run scores, and how often it is kept. */
export interface ScoreOptions extends ScoredPart {
  run: string;
  querySet: string;
  /** What the run scored before goes. */
  replace?: boolean | undefined;
  /** Queries behind which the outcomes so far are kept; default 64. */
  every?: number | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** What came of scoring. */
export interface ScoredRun {
  run: string;
  queries: number;
  /** Queries that had been scored before. */
  kept: number;
  /** Over all queries of the set: nats, tokens, and bytes of UTF-8. */
  nll: number;
  tokens: number;
  bytes: number;
}

const EVERY = 64;

/**
 * Scores the queries of a set that the run has not scored yet, and keeps their outcomes as it goes.
 *
 * @throws UsageError for a query set that is not there, or a run that was scored otherwise
 * @throws DataError where a query cannot be scored; what was scored before it is kept
 * @throws Interrupted where the signal stopped it; what was scored is kept
 */
export async function scoreRun(study: Study, scorer: Scorer, options: ScoreOptions): Promise<ScoredRun> {
  const { db } = study;
  const set = querySetNamed(db, options.querySet);
  const queries = queriesOf(db, set.id);
  const run = openRun(study, scorer, set.id, options);
  const before = metricsOf(db, run.name, set.id).get('nll') ?? new Map<number, number>();
  const left = queries.filter(({ id }) => !before.has(id));
  await scoreAll(study, scorer, run, left, { ...options, total: queries.length });
  const metrics = metricsOf(db, run.name, set.id);
  const sum = (name: string) => [...(metrics.get(name)?.values() ?? [])].reduce((a, b) => a + b, 0);
  return {
    ...{ run: run.name, queries: queries.length, kept: before.size },
    ...{ nll: sum('nll'), tokens: sum('tokens'), bytes: sum('bytes') },
  };
}

function openRun({ db }: Study, scorer: Scorer, querySetId: number, options: ScoreOptions): Run {
  const { run: name, target, separator, replace } = options;
  const settings = { ...scorer.settings, ...(target !== undefined && { target, separator }) };
  const before = runByName(db, name);
  // A run that has other outcomes only, such as memorization, has no score yet.
  const scored = ['nll', 'loss'].some((metric) => metricsOf(db, name, querySetId).has(metric));
  const same = before?.scorer === scorer.name && JSON.stringify(before.settings) === JSON.stringify(settings);
  if (before && scored && !same && !replace) {
    throw new UsageError(
      `Run "${name}" was scored otherwise (${before.scorer} ${JSON.stringify(before.settings)}). Give this one another name, or --replace.`,
    );
  }
  return db.transaction(() => {
    if (before && scored && !same) db.prepare('DELETE FROM outcomes WHERE run_id = ?').run(before.id);
    else if (before && replace) deleteOutcomes(db, before.id, querySetId);
    return ensureRun(db, { name, scorer: scorer.name, settings, covariates: scorer.covariates });
  })();
}

async function scoreAll(
  { db }: Study,
  scorer: Scorer,
  run: Run,
  left: readonly Query[],
  { total, every = EVERY, onProgress, signal, ...part }: ScoreOptions & { total: number },
): Promise<void> {
  const limit = pLimit(scorer.parallel);
  let unsaved: QueryMetrics[] = [];
  let done = total - left.length;
  let nats = 0;
  let tokens = 0;
  const keep = () => {
    addOutcomes(db, run.id, unsaved);
    unsaved = [];
  };
  let failed: unknown;
  await Promise.all(
    left.map((query) =>
      limit(async () => {
        if (failed !== undefined || signal?.aborted) return;
        try {
          const metrics = await scoreQuery(scorer, query, part);
          unsaved.push({ queryId: query.id, metrics });
          nats += metrics.nll;
          tokens += metrics.tokens;
          if (unsaved.length >= every) keep();
          const also = `${(nats / tokens).toFixed(2)} nats a token`;
          onProgress?.({ step: `scoring ${run.name}`, done: ++done, total, unit: 'queries', also });
        } catch (error) {
          failed ??= error;
        }
      }),
    ),
  );
  keep();
  if (failed !== undefined) throw failed;
  if (signal?.aborted)
    throw new Interrupted(`Stopped. Run the same command again: it goes on behind ${done} queries.`);
}

async function scoreQuery(scorer: Scorer, query: Query, part: ScoredPart) {
  try {
    const { nll, tokens, bytes } = await scorer.score(scoredText(query, part));
    const metrics = { nll, tokens, bytes };
    requirePlausible('its score', metrics);
    return metrics;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw error.message.startsWith('Query ')
      ? error
      : new DataError(`Query "${query.key}": ${error.message}`);
  }
}
