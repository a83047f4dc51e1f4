import Sqlite, { type Database } from 'better-sqlite3';
import { DataError } from '../errors.js';
import { safeName } from '../safe-name.js';
import type { Precision } from '../vectors/format.js';
import { hashText } from './text-hash.js';

/** What a corpus was used for. */
export type Role = 'pretrain' | 'finetune' | 'intervention';

/** Whether a document is training data or is kept back to ask about. */
export type Split = 'train' | 'held-out';

/** A named body of training text, embedded by one embedder. */
export interface Corpus {
  id: number;
  name: string;
  role: Role;
  embedder: string;
  fingerprint: string;
  dims: number;
  /** What opens the embedder again, as the indexer wrote it; null where nothing does. */
  embedderChoice: unknown;
  precision: Precision;
  /** Its folder of vector files; it keeps the name that the corpus was made with. */
  folder: string;
}

/** A corpus with the numbers of what it holds. */
export interface CorpusSummary extends Corpus {
  documents: number;
  heldOut: number;
  chunks: number;
  /** Chunks whose text stands in an earlier chunk too, letter for letter. */
  duplicates: number;
  sources: number;
}

/** A document of a corpus. */
export interface Document {
  id: number;
  corpusId: number;
  key: string;
  source: string;
  split: Split;
  meta: Record<string, unknown>;
  text: string;
}

/** A document to be added, with the spans of its chunks (UTF-16 offsets). */
export interface NewDocument {
  key: string;
  source: string;
  split: Split;
  meta: Record<string, unknown>;
  text: string;
  spans: readonly { start: number; end: number; textHash?: bigint }[];
}

/** A chunk with the text it spans and the document it is from. */
export interface Chunk {
  corpusId: number;
  row: number;
  start: number;
  end: number;
  text: string;
  document: string;
  source: string;
  meta: Record<string, unknown>;
}

/** Which document every row of a corpus's vectors belongs to. */
export interface RowDocuments {
  /** Document number (0…) of each row. */
  documentOfRow: Int32Array;
  documents: { key: string; source: string }[];
}

const COLUMNS =
  'id, name, role, embedder, fingerprint, dims, embedder_choice AS embedderChoice, precision, folder';

type Row<T> = Omit<T, 'embedderChoice'> & { embedderChoice: string | null };

function parsed<T extends Corpus>(row: Row<T>): T {
  const embedderChoice = row.embedderChoice === null ? null : JSON.parse(row.embedderChoice);
  return { ...row, embedderChoice } as T;
}

/**
 * Makes a corpus, or returns the one of that name.
 *
 * @throws UsageError for a name that cannot be one
 */
export function ensureCorpus(
  db: Database,
  corpus: Omit<Corpus, 'id' | 'folder' | 'precision' | 'embedderChoice'> &
    Partial<Pick<Corpus, 'precision' | 'embedderChoice'>>,
): Corpus {
  const found = corpusByName(db, corpus.name);
  if (found) return found;
  db.prepare(
    `INSERT INTO corpora (name, role, embedder, fingerprint, dims, embedder_choice, precision, folder)
     VALUES (@name, @role, @embedder, @fingerprint, @dims, @embedderChoice, @precision, @folder)`,
  ).run({
    precision: 'fp32',
    ...corpus,
    embedderChoice: corpus.embedderChoice == null ? null : JSON.stringify(corpus.embedderChoice),
    folder: freeFolder(db, safeName(corpus.name)),
  });
  return corpusByName(db, corpus.name)!;
}

/** A folder that no corpus has: the corpus's name, or where a renamed corpus kept it, the name and a number. */
function freeFolder(db: Database, name: string): string {
  const taken = db.prepare<[string]>('SELECT 1 FROM corpora WHERE folder = ?').pluck();
  // The queries' vectors lie beside those of the corpora.
  let folder = name === 'queries' ? 'queries-1' : name;
  for (let number = 2; taken.get(folder) !== undefined; number++) folder = `${name}-${number}`;
  return folder;
}

/** The corpus of that name, or undefined. */
export function corpusByName(db: Database, name: string): Corpus | undefined {
  const row = db.prepare<[string], Row<Corpus>>(`SELECT ${COLUMNS} FROM corpora WHERE name = ?`).get(name);
  return row && parsed(row);
}

/** Deletes a corpus with its documents, chunks and neighbours. */
export function deleteCorpus(db: Database, name: string): void {
  db.prepare('DELETE FROM corpora WHERE name = ?').run(name);
}

/** All corpora, oldest first. */
export function listCorpora(db: Database): (Corpus & { chunks: number })[] {
  return db
    .prepare<[], Row<Corpus>>(`SELECT ${COLUMNS} FROM corpora ORDER BY id`)
    .all()
    .map((row) => ({ ...parsed(row), chunks: chunkCount(db, row.id) }));
}

/** All corpora with what is in them, oldest first: every chunk is looked at. */
export function summariseCorpora(db: Database): CorpusSummary[] {
  return db
    .prepare<[], Row<CorpusSummary>>(
      `SELECT c.id, c.name, c.role, c.embedder, c.fingerprint, c.dims,
         c.embedder_choice AS embedderChoice, c.precision, c.folder,
         count(d.id) AS documents,
         coalesce(sum(d.split = 'held-out'), 0) AS heldOut,
         count(DISTINCT d.source) AS sources,
         (SELECT count(*) FROM chunks k WHERE k.corpus_id = c.id) AS chunks,
         (SELECT count(*) - count(DISTINCT k.text_hash) FROM chunks k WHERE k.corpus_id = c.id) AS duplicates
       FROM corpora c LEFT JOIN documents d ON d.corpus_id = c.id
       GROUP BY c.id ORDER BY c.id`,
    )
    .all()
    .map(parsed);
}

/**
 * Adds documents and their chunks; chunk rows follow on from `firstRow`. Held-out documents get no rows.
 *
 * @throws DataError for a key that the corpus has already; nothing is added then
 */
export function addDocuments(
  db: Database,
  corpusId: number,
  firstRow: number,
  added: readonly NewDocument[],
): void {
  const document = db.prepare(
    'INSERT INTO documents (corpus_id, key, source, split, meta, text) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const chunk = db.prepare(
    'INSERT INTO chunks (corpus_id, row, document_id, start, end, text_hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    let row = firstRow;
    for (const { key, source, split, meta, text, spans } of added) {
      const { lastInsertRowid } = unlessTaken(key, () =>
        document.run(corpusId, key, source, split, JSON.stringify(meta), text),
      );
      if (split === 'held-out') continue;
      for (const { start, end, textHash = hashText(text.slice(start, end)) } of spans) {
        chunk.run(corpusId, row++, lastInsertRowid, start, end, textHash);
      }
    }
  })();
}

function unlessTaken<T>(key: string, insert: () => T): T {
  try {
    return insert();
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new DataError(
      `The corpus has a document "${key}" already. Ids must be unique: leave it out, remove the earlier one, or name another field with "id".`,
    );
  }
}

/** How many chunk rows the catalogue has for a corpus. */
export function chunkCount(db: Database, corpusId: number): number {
  return (
    db
      // Rows are numbered from 0 on, without gaps.
      .prepare<[number], { n: number }>(
        'SELECT coalesce(max(row) + 1, 0) AS n FROM chunks WHERE corpus_id = ?',
      )
      .get(corpusId)!.n
  );
}

/** How many documents a corpus has, held-out ones included. */
export function documentCount(db: Database, corpusId: number): number {
  return db
    .prepare<[number], { n: number }>('SELECT count(*) AS n FROM documents WHERE corpus_id = ?')
    .get(corpusId)!.n;
}

/** The documents of one split in the order they were added, one at a time. */
export function* documentsOf(db: Database, corpusId: number, split: Split): Generator<Document> {
  const rows = db
    .prepare<[number, string], Omit<Document, 'meta'> & { meta: string }>(
      `SELECT id, corpus_id AS corpusId, key, source, split, meta, text FROM documents
       WHERE corpus_id = ? AND split = ? ORDER BY id`,
    )
    .iterate(corpusId, split);
  for (const row of rows) yield { ...row, meta: JSON.parse(row.meta) };
}

/** A document by its id, with the places of its chunks in the text; undefined where there is none. */
export function documentByKey(
  db: Database,
  corpusId: number,
  key: string,
): (Document & { chunks: { row: number; start: number; end: number }[] }) | undefined {
  const found = db
    .prepare<[number, string], Omit<Document, 'meta'> & { meta: string }>(
      `SELECT id, corpus_id AS corpusId, key, source, split, meta, text FROM documents
       WHERE corpus_id = ? AND key = ?`,
    )
    .get(corpusId, key);
  if (!found) return undefined;
  const chunks = db
    .prepare<[number], { row: number; start: number; end: number }>(
      'SELECT row, start, end FROM chunks WHERE document_id = ? ORDER BY row',
    )
    .all(found.id);
  return { ...found, meta: JSON.parse(found.meta), chunks };
}

/** The chunk at one row of a corpus's vectors, or undefined. */
export function chunkAt(db: Database, corpusId: number, row: number): Chunk | undefined {
  const found = db
    .prepare<[number, number], Omit<Chunk, 'meta'> & { meta: string }>(
      `SELECT k.corpus_id AS corpusId, k.row, k.start, k.end, d.text, d.key AS document, d.source, d.meta
       FROM chunks k JOIN documents d ON d.id = k.document_id WHERE k.corpus_id = ? AND k.row = ?`,
    )
    .get(corpusId, row);
  return found && { ...found, meta: JSON.parse(found.meta), text: found.text.slice(found.start, found.end) };
}

/** How many chunks each source of a corpus has, in the order of their labels; sources without any are left out. */
export function chunksBySource(db: Database, corpus: string): { source: string; chunks: number }[] {
  return db
    .prepare<[string], { source: string; chunks: number }>(
      `SELECT d.source, count(*) AS chunks FROM chunks k
       JOIN documents d ON d.id = k.document_id JOIN corpora c ON c.id = k.corpus_id
       WHERE c.name = ? GROUP BY d.source ORDER BY d.source`,
    )
    .all(corpus);
}

/** Which document every row of a corpus belongs to, for attribution. */
export function rowDocuments(db: Database, corpusId: number): RowDocuments {
  const documentOfRow = new Int32Array(chunkCount(db, corpusId));
  const documents: RowDocuments['documents'] = [];
  const rows = db
    .prepare<[number], { id: number; key: string; source: string; row: number }>(
      `SELECT d.id, d.key, d.source, k.row FROM chunks k JOIN documents d ON d.id = k.document_id
       WHERE k.corpus_id = ? ORDER BY k.row`,
    )
    .iterate(corpusId);
  let last = -1;
  for (const { id, key, source, row } of rows) {
    if (id !== last) documents.push({ key, source });
    last = id;
    documentOfRow[row] = documents.length - 1;
  }
  return { documentOfRow, documents };
}
