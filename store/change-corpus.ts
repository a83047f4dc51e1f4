import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { type Corpus, chunkCount, corpusByName, deleteCorpus } from './catalogue/corpora.js';
import { forgetVectorFiles, recordVectorFiles } from './catalogue/vector-files.js';
import { openCorpusVectors } from './corpus-vectors.js';
import { UsageError } from './errors.js';
import { safeName } from './safe-name.js';
import type { Study } from './study-directory.js';
import { openVectorWriter } from './vectors/writer.js';

/**
 * The corpus of that name.
 *
 * @throws UsageError naming the corpora that there are
 */
export function corpusNamed(db: Database, name: string): Corpus {
  const corpus = corpusByName(db, name);
  if (corpus) return corpus;
  const names = db.prepare<[], string>('SELECT name FROM corpora ORDER BY id').pluck().all();
  throw new UsageError(
    `There is no corpus "${name}"; there ${names.length > 0 ? `are: ${names.join(', ')}` : 'is none yet'}.`,
  );
}

/**
 * Gives a corpus another name; its files stay where they are.
 *
 * @throws UsageError for a corpus that is not there, or a name that is taken or cannot be one
 */
export function renameCorpus({ db }: Study, from: string, to: string): void {
  const { id } = corpusNamed(db, from);
  safeName(to);
  if (from !== to && corpusByName(db, to)) throw new UsageError(`There is a corpus "${to}" already.`);
  db.transaction(() => {
    db.prepare('UPDATE corpora SET name = ? WHERE id = ?').run(to, id);
    forgetResults(db, from);
  })();
}

/**
 * Deletes a corpus from the catalogue and its vectors from the disk; one that is not there is no fault. What was
 * computed from it stays: see `forgetResults`.
 */
export function dropCorpus(study: Study, name: string): void {
  const { db } = study;
  const corpus = corpusByName(db, name);
  if (!corpus) return;
  db.transaction(() => {
    forgetVectorFiles(db, corpus.folder);
    deleteCorpus(db, name);
  })();
  // Behind the catalogue: a folder that no corpus has is overwritten when it is needed again.
  rmSync(study.vectorFolder('corpus', corpus.folder), { recursive: true, force: true });
}

/** Rows copied at a time, so that memory does not grow with the corpus. */
const COPY_ROWS = 4096;

/**
 * Removes documents from a corpus: their vectors are left out of new files, which then take the place of the old ones.
 * What was measured with the corpus goes too, for its rows are numbered anew.
 *
 * @returns how many documents and chunks were removed
 * @throws UsageError for a key that the corpus does not have; nothing is removed then
 */
export function removeDocuments(
  study: Study,
  name: string,
  keys: readonly string[],
): { documents: number; chunks: number } {
  const { db } = study;
  const corpus = corpusNamed(db, name);
  const ids = keys.map((key) => documentId(db, corpus, key));
  const kept = keptRows(db, corpus, ids);
  const before = chunkCount(db, corpus.id);
  const folder = nextFolder(corpus.folder);
  const files = copyRows(study, corpus, kept, folder);
  db.transaction(() => {
    const remove = db.prepare('DELETE FROM documents WHERE id = ?');
    for (const id of ids) remove.run(id);
    const renumber = db.prepare('UPDATE chunks SET row = ? WHERE corpus_id = ? AND row = ?');
    // Upwards: a row's new number is never that of a row that is still to be moved.
    kept.forEach((row, moved) => {
      if (row !== moved) renumber.run(moved, corpus.id, row);
    });
    db.prepare('UPDATE corpora SET folder = ? WHERE id = ?').run(folder, corpus.id);
    forgetVectorFiles(db, corpus.folder);
    recordVectorFiles(db, folder, files);
    forgetResults(db, name);
  })();
  rmSync(study.vectorFolder('corpus', corpus.folder), { recursive: true, force: true });
  return { documents: ids.length, chunks: before - kept.length };
}

function documentId(db: Database, corpus: Corpus, key: string): number {
  const id = db
    .prepare<[number, string], number>('SELECT id FROM documents WHERE corpus_id = ? AND key = ?')
    .pluck()
    .get(corpus.id, key);
  if (id === undefined) throw new UsageError(`Corpus "${corpus.name}" has no document "${key}".`);
  return id;
}

function keptRows(db: Database, { id }: Corpus, removed: readonly number[]): Int32Array {
  const gone = new Set(removed);
  const rows = db
    .prepare<[number], { row: number; document: number }>(
      'SELECT row, document_id AS document FROM chunks WHERE corpus_id = ? ORDER BY row',
    )
    .iterate(id);
  const kept = new Int32Array(chunkCount(db, id));
  let count = 0;
  for (const { row, document } of rows) if (!gone.has(document)) kept[count++] = row;
  return kept.subarray(0, count);
}

function copyRows(study: Study, corpus: Corpus, rows: Int32Array, folder: string) {
  const { dims, precision } = corpus;
  const path = study.vectorFolder('corpus', folder);
  rmSync(path, { recursive: true, force: true });
  const reader = openCorpusVectors(study, corpus);
  const writer = openVectorWriter(path, { dims, precision, keepRows: 0 });
  const block = new Float32Array(COPY_ROWS * dims);
  try {
    for (let from = 0; from < rows.length; from += COPY_ROWS) {
      const taken = rows.subarray(from, from + COPY_ROWS);
      taken.forEach((row, i) => {
        reader.read(row, 1, block.subarray(i * dims, (i + 1) * dims));
      });
      writer.append(block.subarray(0, taken.length * dims));
    }
    return writer.commit();
  } finally {
    writer.close();
    reader.close();
  }
}

/** `name` → `name~1` → `name~2`: a character that no corpus's own name has. */
function nextFolder(folder: string): string {
  const [, name, number] = /^(.*?)(?:~(\d+))?$/.exec(folder)!;
  return `${name}~${Number(number ?? 0) + 1}`;
}

/** Forgets what was measured with a corpus, and that any step was done, so that the next run of a study file does them again. */
export function forgetResults(db: Database, corpus: string): void {
  db.prepare(
    'DELETE FROM measurements WHERE EXISTS (SELECT 1 FROM json_each(measurements.corpora) WHERE value = ?)',
  ).run(corpus);
  db.prepare(
    'DELETE FROM calibrations WHERE EXISTS (SELECT 1 FROM json_each(calibrations.corpora) WHERE value = ?)',
  ).run(corpus);
  db.prepare(
    'DELETE FROM leak_searches WHERE EXISTS (SELECT 1 FROM json_each(leak_searches.corpora) WHERE value = ?)',
  ).run(corpus);
  db.prepare(
    `DELETE FROM projections WHERE id IN (
       SELECT projection_id FROM projected_corpora JOIN corpora ON corpora.id = corpus_id WHERE name = ?)`,
  ).run(corpus);
  db.prepare('DELETE FROM steps').run();
}
