import { createHash } from 'node:crypto';
import {
  addDocuments,
  chunkCount,
  DataError,
  documentCount,
  ensureCorpus,
  type NewDocument,
  type OnProgress,
  openVectorWriter,
  type Role,
  type Study,
} from '../store/index.js';
import { type ChunkOptions, chunkText } from './chunker.js';
import type { Embedder } from './embedder/embedder.js';
import type { SourceDocument } from './sources/document.js';

/** A corpus to be indexed. */
export interface IndexOptions {
  name: string;
  role: Role;
  chunk: ChunkOptions;
  /** Share of the documents that are kept back as held-out, drawn by a hash of seed and key. */
  holdOut: number;
  seed: number;
  /** Chunks embedded and committed together; a killed run goes on behind the last commit. Default 2,048. */
  windowChunks?: number;
  /** About how many characters there are to read, for the time left; size of the files, say. */
  expectedCharacters?: number;
  onProgress?: OnProgress;
}

/** What an indexed corpus holds. */
export interface IndexedCorpus {
  documents: number;
  heldOut: number;
  chunks: number;
}

const WINDOW_CHUNKS = 2048;

/**
 * Cuts documents into chunks, embeds them and appends the vectors to the corpus's files, committing as it goes.
 * Documents that the catalogue already has, from an interrupted run, are passed over.
 *
 * @throws DataError where the corpus has no text to index
 */
export async function indexCorpus(
  study: Study,
  embedder: Embedder,
  documents: AsyncIterable<SourceDocument>,
  options: IndexOptions,
): Promise<IndexedCorpus> {
  const { name, role, holdOut, seed, windowChunks = WINDOW_CHUNKS } = options;
  const { name: embedderName, fingerprint, dims } = embedder;
  const corpus = ensureCorpus(study.db, { name, role, embedder: embedderName, fingerprint, dims });
  const indexed = documentCount(study.db, corpus.id);
  const writer = openVectorWriter(study.vectorFolder('corpus', name), {
    dims,
    keepRows: chunkCount(study.db, corpus.id),
  });
  const countTokens = (text: string) => embedder.countTokens(text);
  let window: NewDocument[] = [];
  let waiting = 0;
  let seen = 0;
  let characters = 0;

  try {
    for await (const document of documents) {
      characters += document.text.length;
      if (seen++ < indexed) continue;
      const split = isHeldOut(document.key, holdOut, seed) ? 'held-out' : 'train';
      const spans = split === 'train' ? chunkText(document.text, options.chunk, countTokens) : [];
      window.push({ ...document, split, spans });
      waiting += spans.length;
      if (waiting >= windowChunks) await commit();
    }
    await commit();
    if (writer.rows === 0) {
      throw new DataError(`Corpus "${name}" has no text to index: ${seen} documents, none with a chunk.`);
    }
  } finally {
    writer.close();
  }
  return countsOf(study, corpus.id);

  async function commit(): Promise<void> {
    const texts = window.flatMap(({ text, spans }) => spans.map(({ start, end }) => text.slice(start, end)));
    const firstRow = writer.rows;
    if (texts.length > 0) writer.append((await embedder.embed(texts)).vectors);
    writer.commit();
    addDocuments(study.db, corpus.id, firstRow, window);
    window = [];
    waiting = 0;
    options.onProgress?.({
      step: `embedding ${name}`,
      done: writer.rows,
      ...expectedTotal(),
      unit: 'chunks',
    });
  }

  /** The chunks there will be, if what is still to read is like what was read. */
  function expectedTotal(): { total?: number } {
    const { expectedCharacters } = options;
    if (expectedCharacters === undefined || characters === 0) return {};
    return { total: Math.max(writer.rows, Math.round((writer.rows * expectedCharacters) / characters)) };
  }
}

function isHeldOut(key: string, share: number, seed: number): boolean {
  const digest = createHash('sha256').update(`${seed}\0${key}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32 < share;
}

function countsOf({ db }: Study, corpusId: number): IndexedCorpus {
  const { documents, heldOut } = db
    .prepare<[number], { documents: number; heldOut: number }>(
      `SELECT count(*) AS documents, sum(split = 'held-out') AS heldOut FROM documents WHERE corpus_id = ?`,
    )
    .get(corpusId)!;
  return { documents, heldOut, chunks: chunkCount(db, corpusId) };
}
