import type { Database } from 'better-sqlite3';

/** One call that added documents to a corpus, or is adding them. */
export interface Ingest {
  id: number;
  /** A hash of its inputs. */
  key: string;
  /** Where the documents came from, and how they were read and cut. */
  settings: Record<string, unknown>;
  /** What the corpus held when it began. */
  documentsBefore: number;
  chunksBefore: number;
  /** When it was finished (UTC), or null where it is under way or was interrupted. */
  finished: string | null;
}

/** The ingests of a corpus, oldest first. */
export function ingestsOf(db: Database, corpusId: number): Ingest[] {
  return db
    .prepare<[number], Omit<Ingest, 'settings'> & { settings: string }>(
      `SELECT id, key, settings, documents_before AS documentsBefore, chunks_before AS chunksBefore, finished
       FROM ingests WHERE corpus_id = ? ORDER BY id`,
    )
    .all(corpusId)
    .map((row) => ({ ...row, settings: JSON.parse(row.settings) }));
}

/** Records that an ingest begins. */
export function beginIngest(
  db: Database,
  corpusId: number,
  begun: Pick<Ingest, 'key' | 'settings' | 'documentsBefore' | 'chunksBefore'>,
): Ingest {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO ingests (corpus_id, key, settings, documents_before, chunks_before)
       VALUES (@corpusId, @key, @settings, @documentsBefore, @chunksBefore)`,
    )
    .run({ ...begun, settings: JSON.stringify(begun.settings), corpusId });
  return { ...begun, id: Number(lastInsertRowid), finished: null };
}

/** Records that an ingest is finished. */
export function finishIngest(db: Database, id: number): void {
  db.prepare(`UPDATE ingests SET finished = datetime('now') WHERE id = ?`).run(id);
}

/** Forgets an ingest that added nothing. */
export function forgetIngest(db: Database, id: number): void {
  db.prepare('DELETE FROM ingests WHERE id = ?').run(id);
}
