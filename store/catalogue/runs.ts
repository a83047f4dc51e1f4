import type { Database } from 'better-sqlite3';

/** One model, or checkpoint, scored on a query set. */
export interface Run {
  id: number;
  name: string;
  scorer: string;
  covariates: Record<string, unknown>;
}

/** What a run scored on one query: `nll` in nats, summed over `tokens` tokens. */
export interface Outcome {
  queryId: number;
  nll: number;
  tokens: number;
}

/** Replaces a run and its outcomes in one transaction. */
export function replaceRun(db: Database, run: Omit<Run, 'id'>, outcomes: readonly Outcome[]): Run {
  const insert = db.prepare('INSERT INTO outcomes (run_id, query_id, metric, value) VALUES (?, ?, ?, ?)');
  return db.transaction(() => {
    db.prepare('DELETE FROM runs WHERE name = ?').run(run.name);
    const { lastInsertRowid } = db
      .prepare('INSERT INTO runs (name, scorer, covariates) VALUES (?, ?, ?)')
      .run(run.name, run.scorer, JSON.stringify(run.covariates));
    const id = Number(lastInsertRowid);
    for (const { queryId, nll, tokens } of outcomes) {
      insert.run(id, queryId, 'nll', nll);
      insert.run(id, queryId, 'tokens', tokens);
    }
    return { ...run, id };
  })();
}

/** All runs, oldest first. */
export function listRuns(db: Database): Run[] {
  return db
    .prepare<[], Omit<Run, 'covariates'> & { covariates: string }>(
      'SELECT id, name, scorer, covariates FROM runs ORDER BY id',
    )
    .all()
    .map((run) => ({ ...run, covariates: JSON.parse(run.covariates) }));
}

/** The outcomes of a run by query id. */
export function outcomesOf(db: Database, runName: string): Map<number, Outcome> {
  const rows = db
    .prepare<[string], Outcome>(
      `SELECT o.query_id AS queryId,
         max(CASE WHEN o.metric = 'nll' THEN o.value END) AS nll,
         max(CASE WHEN o.metric = 'tokens' THEN o.value END) AS tokens
       FROM outcomes o JOIN runs r ON r.id = o.run_id WHERE r.name = ? GROUP BY o.query_id`,
    )
    .all(runName);
  return new Map(rows.map((row) => [row.queryId, row]));
}
