import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DataError } from './errors.js';

/** The right to write to a study directory; one process has it at a time. */
export interface WriteLock {
  release(): void;
}

/**
 * Takes the write lock of a study directory.
 *
 * The lock is SQLite's own lock on a file: the operating system drops it when its process ends, however it ends.
 *
 * @param waitMs how long to wait for another process that has it, ms
 * @throws DataError naming the process that has it, or why it cannot be taken
 */
export function lockForWriting(dir: string, waitMs = 0): WriteLock {
  const holder = join(dir, '.writer');
  const db = takeLock(dir, holder, waitMs);
  writeFileSync(holder, String(process.pid));
  return {
    release() {
      if (!db.open) return;
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

function takeLock(dir: string, holder: string, waitMs: number): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(join(dir, '.lock'), { timeout: waitMs });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code === 'SQLITE_BUSY') {
      throw new DataError(
        `${dir} is being written by process ${readHolder(holder)}; wait for it or stop it.`,
      );
    }
    throw new DataError(`${dir} cannot be locked for writing: ${error.message} (${error.code}).`);
  }
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
