import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** How far a job is. Only `queued` and `running` go on. */
export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** Long work that was asked for, and what became of it. */
export interface Job {
  id: string;
  kind: string;
  status: JobStatus;
  /** What was asked for. */
  request: unknown;
  /** What it made; null until it is done. */
  result: unknown;
  /** Why it failed, in words; null where it has not. */
  error: string | null;
  /** ISO 8601. */
  created: string;
  started: string | null;
  ended: string | null;
}

/**
 * The jobs of a study, in a file of their own: they are written down while another process writes the catalogue, and are there
 * again after a crash.
 */
export interface JobStore {
  add(kind: string, request: unknown): Job;
  get(id: string): Job | undefined;
  /** Newest first. */
  list(): Job[];
  /** How many are queued. */
  waiting(): number;
  /** Marks the queued job that has waited longest as running in this process. */
  take(): Job | undefined;
  update(id: string, change: Partial<Pick<Job, 'status' | 'result' | 'error' | 'ended'>>): Job;
  /** Puts jobs back into the queue whose process has died while they were running; gives how many. */
  requeue(): number;
  close(): void;
}

interface JobRow extends Omit<Job, 'request' | 'result'> {
  request: string;
  result: string;
}

const JOBS = 'jobs.sqlite';

/**
 * Opens the jobs of a study's directory.
 *
 * @param dir where nothing may be written, left out: jobs are then kept in memory
 */
export function openJobs(dir?: string): JobStore {
  const db = new Sqlite(dir === undefined ? ':memory:' : join(dir, JOBS));
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    -- The process that runs it.
    owner INTEGER,
    request TEXT NOT NULL,
    result TEXT NOT NULL DEFAULT 'null',
    error TEXT,
    created TEXT NOT NULL,
    started TEXT,
    ended TEXT
  )`);
  const columns = 'id, kind, status, request, result, error, created, started, ended';
  const select = (where: string) => db.prepare<string[], JobRow>(`SELECT ${columns} FROM jobs ${where}`);
  const [byId, all] = [select('WHERE id = ?'), select('ORDER BY number DESC')];
  // One statement, so that of two servers only one takes a job.
  const take = db.prepare<[number, string], JobRow>(
    `UPDATE jobs SET status = 'running', owner = ?, started = ?
     WHERE number = (SELECT number FROM jobs WHERE status = 'queued' ORDER BY number LIMIT 1) RETURNING ${columns}`,
  );
  const waiting = db.prepare<[], number>("SELECT count(*) FROM jobs WHERE status = 'queued'").pluck();
  const get = (id: string) => parsed(byId.get(id));
  return {
    add(kind, request) {
      const id = randomUUID();
      db.prepare('INSERT INTO jobs (id, kind, status, request, created) VALUES (?, ?, ?, ?, ?)').run(
        ...[id, kind, 'queued', JSON.stringify(request), new Date().toISOString()],
      );
      return get(id)!;
    },
    get,
    waiting: () => waiting.get()!,
    list: () => all.all().map((row) => parsed(row)!),
    take: () => parsed(take.get(process.pid, new Date().toISOString())),
    update(id, change) {
      for (const [column, value] of Object.entries(change)) {
        db.prepare(`UPDATE jobs SET ${column} = ? WHERE id = ?`).run(
          column === 'result' ? JSON.stringify(value) : value,
          id,
        );
      }
      return get(id)!;
    },
    requeue() {
      const owners = db
        .prepare<[], { owner: number }>("SELECT DISTINCT owner FROM jobs WHERE status = 'running'")
        .all();
      const requeued = db.prepare(
        "UPDATE jobs SET status = 'queued', started = NULL WHERE status = 'running' AND owner = ?",
      );
      return owners
        .filter(({ owner }) => owner === process.pid || !isAlive(owner))
        .reduce((count, { owner }) => count + requeued.run(owner).changes, 0);
    },
    close: () => db.close(),
  };
}

function parsed(row: JobRow | undefined): Job | undefined {
  return row && { ...row, request: JSON.parse(row.request), result: JSON.parse(row.result) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
