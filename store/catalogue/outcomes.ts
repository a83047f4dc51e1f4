import type { Database } from 'better-sqlite3';
import { ensureRun, type NewRun, type Run } from './runs.js';

/** What a run scored on one query: `nll` in nats, summed over `tokens` tokens. */
export interface Outcome {
  queryId: number;
  nll: number;
  tokens: number;
}

/**
 * What a run scored on one query, by metric: `nll` (nats, a sum), `tokens`, `bytes`, `correct` (0 or 1), `loss` (nats a
 * token, a mean), or any other name.
 */
export interface QueryMetrics {
  queryId: number;
  metrics: Readonly<Record<string, number>>;
}

/** Makes or replaces a run with all its outcomes, on whatever query set, in one transaction. */
export function replaceRun(db: Database, run: NewRun, outcomes: readonly Outcome[]): Run {
  return db.transaction(() => {
    const made = ensureRun(db, run);
    db.prepare('DELETE FROM outcomes WHERE run_id = ?').run(made.id);
    addOutcomes(
      db,
      made.id,
      outcomes.map(({ queryId, nll, tokens }) => ({ queryId, metrics: { nll, tokens } })),
    );
    return made;
  })();
}

/** Adds outcomes to a run, in one transaction; a metric that a query has already fails it. */
export function addOutcomes(db: Database, runId: number, outcomes: readonly QueryMetrics[]): void {
  const insert = db.prepare('INSERT INTO outcomes (run_id, query_id, metric, value) VALUES (?, ?, ?, ?)');
  db.transaction(() => {
    for (const { queryId, metrics } of outcomes) {
      for (const [metric, value] of Object.entries(metrics)) insert.run(runId, queryId, metric, value);
    }
  })();
}

/** Deletes the outcomes of a run on one query set. */
export function deleteOutcomes(db: Database, runId: number, querySetId: number): void {
  db.prepare(
    'DELETE FROM outcomes WHERE run_id = ? AND query_id IN (SELECT id FROM queries WHERE query_set_id = ?)',
  ).run(runId, querySetId);
}

/** The summed losses of a run by query id, of the queries that have `nll` and `tokens`. */
export function outcomesOf(db: Database, runName: string): Map<number, Outcome> {
  const rows = db
    .prepare<[string], Outcome>(
      `SELECT n.query_id AS queryId, n.value AS nll, t.value AS tokens
       FROM runs r
       JOIN outcomes n ON n.run_id = r.id AND n.metric = 'nll'
       JOIN outcomes t ON t.run_id = r.id AND t.query_id = n.query_id AND t.metric = 'tokens'
       WHERE r.name = ? ORDER BY n.query_id`,
    )
    .all(runName);
  return new Map(rows.map((row) => [row.queryId, row]));
}

/** The losses of a run by query id, nats a token: `nll` by `tokens`, or `loss` where those are not known. */
export function lossesOf(db: Database, runName: string): Map<number, number> {
  const rows = db
    .prepare<[string], { queryId: number; loss: number }>(
      `SELECT o.query_id AS queryId, o.value AS loss FROM outcomes o JOIN runs r ON r.id = o.run_id
       WHERE r.name = ? AND o.metric = 'loss'`,
    )
    .all(runName);
  const losses = new Map(rows.map(({ queryId, loss }) => [queryId, loss]));
  for (const { queryId, nll, tokens } of outcomesOf(db, runName).values()) losses.set(queryId, nll / tokens);
  return losses;
}

/** All that a run scored on a query set: metric → query id → value. */
export function metricsOf(
  db: Database,
  runName: string,
  querySetId: number,
): Map<string, Map<number, number>> {
  const rows = db
    .prepare<[string, number], { queryId: number; metric: string; value: number }>(
      `SELECT o.query_id AS queryId, o.metric, o.value FROM outcomes o
       JOIN runs r ON r.id = o.run_id JOIN queries q ON q.id = o.query_id
       WHERE r.name = ? AND q.query_set_id = ? ORDER BY q.row`,
    )
    .all(runName, querySetId);
  const metrics = new Map<string, Map<number, number>>();
  for (const { queryId, metric, value } of rows) {
    const values = metrics.get(metric) ?? new Map<number, number>();
    metrics.set(metric, values.set(queryId, value));
  }
  return metrics;
}

/** What a run scored on the queries of a set, by metric: in the order of their rows, NaN where there is nothing. */
export function outcomeColumns(
  db: Database,
  runName: string,
  querySetId: number,
  queries: number,
): Map<string, Float64Array> {
  const rows = db
    .prepare<[number, string], [row: number, metric: string, value: number]>(
      `SELECT q.row, o.metric, o.value FROM outcomes o JOIN queries q ON q.id = o.query_id AND q.query_set_id = ?
       WHERE o.run_id = (SELECT id FROM runs WHERE name = ?)`,
    )
    .raw()
    .iterate(querySetId, runName);
  const columns = new Map<string, Float64Array>();
  for (const [row, metric, value] of rows) {
    let column = columns.get(metric);
    if (!column) {
      column = new Float64Array(queries).fill(Number.NaN);
      columns.set(metric, column);
    }
    column[row] = value;
  }
  return columns;
}

/** The names of the runs that have a metric of any query of a set. */
export function runsWithMetric(db: Database, querySetId: number, metric: string): Set<string> {
  const names = db
    .prepare<[string, number], string>(
      `SELECT DISTINCT r.name FROM outcomes o JOIN runs r ON r.id = o.run_id JOIN queries q ON q.id = o.query_id
       WHERE o.metric = ? AND q.query_set_id = ?`,
    )
    .pluck()
    .all(metric, querySetId);
  return new Set(names);
}
