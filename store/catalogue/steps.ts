import type { Database } from 'better-sqlite3';

/** A step of a study; `key` is a hash of its inputs and settings. */
export interface Step {
  name: string;
  key: string;
  /** When it was finished (UTC), or null where it was begun and interrupted. */
  finished: string | null;
  seconds: number;
  /** What the step said about itself. */
  summary: string;
}

/** The step of that name, begun or finished, or undefined. */
export function stepNamed(db: Database, name: string): Step | undefined {
  return db
    .prepare<[string], Step>('SELECT name, key, finished, seconds, summary FROM steps WHERE name = ?')
    .get(name);
}

/** Records that a step has begun under a key; it counts as interrupted until `finishStep`. */
export function beginStep(db: Database, name: string, key: string): void {
  db.prepare(
    `INSERT INTO steps (name, key) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET key = excluded.key, finished = NULL`,
  ).run(name, key);
}

/** Records that a step is finished. */
export function finishStep(db: Database, name: string, seconds: number, summary: string): void {
  db.prepare(`UPDATE steps SET finished = datetime('now'), seconds = ?, summary = ? WHERE name = ?`).run(
    seconds,
    summary,
    name,
  );
}
