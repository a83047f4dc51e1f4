import type { Database } from 'better-sqlite3';
import { UsageError } from '../errors.js';

/** What runs are compared by: a size (parameters, tokens, width, learning rate, …) or a category. */
export type Covariate = number | string;

/** One model, or checkpoint, scored on query sets. */
export interface Run {
  id: number;
  name: string;
  /** What scored it: 'ngram', 'onnx', 'endpoint' or 'import'. */
  scorer: string;
  /** How the scorer was set. */
  settings: Record<string, unknown>;
  covariates: Record<string, Covariate>;
}

/** A run to be made, or the new settings and covariates of one that is there. */
export type NewRun = Pick<Run, 'name' | 'scorer'> & Partial<Pick<Run, 'settings' | 'covariates'>>;

/** Makes a run, or gives the one of that name this scorer and these settings; covariates it has beside these stay. */
export function ensureRun(db: Database, { name, scorer, settings = {}, covariates = {} }: NewRun): Run {
  return db.transaction(() => {
    db.prepare(
      `INSERT INTO runs (name, scorer, settings) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET scorer = excluded.scorer, settings = excluded.settings`,
    ).run(name, scorer, JSON.stringify(settings));
    setCovariates(db, name, covariates);
    return runNamed(db, name);
  })();
}

/**
 * Sets covariates of a run; null takes one away.
 *
 * @throws UsageError for a run that is not there, or a number that is not finite
 */
export function setCovariates(
  db: Database,
  runName: string,
  covariates: Readonly<Record<string, Covariate | null>>,
): void {
  const { id } = runNamed(db, runName);
  const upsert = db.prepare(
    `INSERT INTO run_covariates (run_id, name, value) VALUES (?, ?, ?)
     ON CONFLICT (run_id, name) DO UPDATE SET value = excluded.value`,
  );
  const remove = db.prepare('DELETE FROM run_covariates WHERE run_id = ? AND name = ?');
  db.transaction(() => {
    for (const [name, value] of Object.entries(covariates)) {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new UsageError(`The covariate ${name} of run "${runName}" is ${value}: give a finite number.`);
      }
      if (value === null) remove.run(id, name);
      else upsert.run(id, name, value);
    }
  })();
}

/** A number where a text writes one, the text where not. */
export function covariateFrom(text: string): Covariate {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** All runs, oldest first. */
export function listRuns(db: Database): Run[] {
  const covariates = db
    .prepare<[], { runId: number; name: string; value: Covariate }>(
      'SELECT run_id AS runId, name, value FROM run_covariates ORDER BY name',
    )
    .all();
  return db
    .prepare<[], Omit<Run, 'settings' | 'covariates'> & { settings: string }>(
      'SELECT id, name, scorer, settings FROM runs ORDER BY id',
    )
    .all()
    .map((run) => ({
      ...run,
      settings: JSON.parse(run.settings),
      covariates: Object.fromEntries(
        covariates.filter(({ runId }) => runId === run.id).map(({ name, value }) => [name, value]),
      ),
    }));
}

/** The run of that name, or undefined. */
export function runByName(db: Database, name: string): Run | undefined {
  return listRuns(db).find((run) => run.name === name);
}

/**
 * The run of that name.
 *
 * @throws UsageError naming the runs that there are
 */
export function runNamed(db: Database, name: string): Run {
  const run = runByName(db, name);
  if (run) return run;
  const names = listRuns(db).map((one) => one.name);
  throw new UsageError(
    `There is no run "${name}"; there ${names.length > 0 ? `are: ${names.join(', ')}` : 'is none yet'}.`,
  );
}
