import Database from 'better-sqlite3';

/** The keys met so far, on the disk where they are many. */
export interface UniqueKeys {
  /** Where the key was met before; undefined where it is new, and then it is kept. */
  add(key: string, at: string): string | undefined;
  close(): void;
}

/** An empty register of keys, in a temporary file of SQLite's that goes when it is closed. */
export function openUniqueKeys(): UniqueKeys {
  const db = new Database('');
  db.pragma('journal_mode = OFF');
  db.exec('CREATE TABLE keys (key TEXT PRIMARY KEY, place TEXT NOT NULL) WITHOUT ROWID; BEGIN');
  const insert = db.prepare<[string, string]>('INSERT OR IGNORE INTO keys VALUES (?, ?)');
  const find = db.prepare<[string], string>('SELECT place FROM keys WHERE key = ?').pluck();
  return {
    add: (key, at) => (insert.run(key, at).changes === 1 ? undefined : find.get(key)),
    close: () => db.close(),
  };
}
