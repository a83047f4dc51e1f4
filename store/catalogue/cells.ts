import type { Database } from 'better-sqlite3';

/** A result of a batch of regressions, kept under a hash of all that it was computed from. */
export interface StoredCell {
  key: string;
  /** Of any shape that JSON has. */
  value: unknown;
}

/** The cells of a batch, by their keys. */
export function cellsOf(db: Database, batch: string): Map<string, unknown> {
  const rows = db
    .prepare<[string], { key: string; value: string }>('SELECT key, value FROM cells WHERE batch = ?')
    .iterate(batch);
  return new Map(Array.from(rows, ({ key, value }) => [key, JSON.parse(value)]));
}

/** Keeps cells of a batch, in one transaction. */
export function addCells(db: Database, batch: string, cells: readonly StoredCell[]): void {
  const insert = db.prepare('INSERT OR REPLACE INTO cells (batch, key, value) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (const { key, value } of cells) insert.run(batch, key, JSON.stringify(value));
  })();
}

/** Forgets the cells of a batch that are not among the keys. */
export function keepCells(db: Database, batch: string, keys: ReadonlySet<string>): void {
  const remove = db.prepare('DELETE FROM cells WHERE batch = ? AND key = ?');
  db.transaction(() => {
    for (const key of cellKeysOf(db, batch)) if (!keys.has(key)) remove.run(batch, key);
  })();
}

function cellKeysOf(db: Database, batch: string): string[] {
  return db.prepare<[string], string>('SELECT key FROM cells WHERE batch = ?').pluck().all(batch);
}
