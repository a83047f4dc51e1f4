import type { Database } from 'better-sqlite3';

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
}

/** A corpus with the numbers of what it holds. */
export interface CorpusSummary extends Corpus {
  documents: number;
  heldOut: number;
  chunks: number;
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
  spans: readonly { start: number; end: number }[];
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

/** Makes a corpus, or returns the one of that name. */
export function ensureCorpus(db: Database, corpus: Omit<Corpus, 'id'>): Corpus {
  db.prepare(
    `INSERT INTO corpora (name, role, embedder, fingerprint, dims)
     VALUES (@name, @role, @embedder, @fingerprint, @dims) ON CONFLICT (name) DO NOTHING`,
  ).run(corpus);
  return corpusByName(db, corpus.name)!;
}

/** The corpus of that name, or undefined. */
export function corpusByName(db: Database, name: string): Corpus | undefined {
  return db
    .prepare<[string], Corpus>(
      'SELECT id, name, role, embedder, fingerprint, dims FROM corpora WHERE name = ?',
    )
    .get(name);
}

/** Deletes a corpus with its documents, chunks and neighbours. */
export function deleteCorpus(db: Database, name: string): void {
  db.prepare('DELETE FROM corpora WHERE name = ?').run(name);
}

/** All corpora, oldest first. */
export function listCorpora(db: Database): CorpusSummary[] {
  return db
    .prepare<[], CorpusSummary>(
      `SELECT c.id, c.name, c.role, c.embedder, c.fingerprint, c.dims,
         count(d.id) AS documents,
         coalesce(sum(d.split = 'held-out'), 0) AS heldOut,
         count(DISTINCT d.source) AS sources,
         (SELECT count(*) FROM chunks k WHERE k.corpus_id = c.id) AS chunks
       FROM corpora c LEFT JOIN documents d ON d.corpus_id = c.id
       GROUP BY c.id ORDER BY c.id`,
    )
    .all();
}

/** Adds documents and their chunks; chunk rows follow on from `firstRow`. Held-out documents get no rows. */
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
    'INSERT INTO chunks (corpus_id, row, document_id, start, end) VALUES (?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    let row = firstRow;
    for (const { key, source, split, meta, text, spans } of added) {
      const { lastInsertRowid } = document.run(corpusId, key, source, split, JSON.stringify(meta), text);
      if (split === 'held-out') continue;
      for (const { start, end } of spans) chunk.run(corpusId, row++, lastInsertRowid, start, end);
    }
  })();
}

/** How many chunk rows the catalogue has for a corpus. */
export function chunkCount(db: Database, corpusId: number): number {
  return db
    .prepare<[number], { n: number }>('SELECT count(*) AS n FROM chunks WHERE corpus_id = ?')
    .get(corpusId)!.n;
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
