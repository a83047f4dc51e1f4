import type { Database } from 'better-sqlite3';
import type { VectorFile } from '../vectors/writer.js';

/** Records the files of a vector folder (relative to `vectors/`) that are new or grew. */
export function recordVectorFiles(db: Database, folder: string, files: readonly VectorFile[]): void {
  const insert = db.prepare(
    `INSERT INTO vector_files (folder, file, rows, crc32) VALUES (?, ?, ?, ?)
     ON CONFLICT (folder, file) DO UPDATE SET rows = excluded.rows, crc32 = excluded.crc32`,
  );
  for (const { file, rows, crc32 } of files) insert.run(folder, file, rows, crc32);
}

/** The files of a vector folder, in the order of their rows. */
export function vectorFilesOf(db: Database, folder: string): VectorFile[] {
  return db
    .prepare<[string], VectorFile>(
      'SELECT file, rows, crc32 FROM vector_files WHERE folder = ? ORDER BY file',
    )
    .all(folder);
}

/** Forgets the files of a vector folder. */
export function forgetVectorFiles(db: Database, folder: string): void {
  db.prepare('DELETE FROM vector_files WHERE folder = ?').run(folder);
}
