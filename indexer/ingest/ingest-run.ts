import { createHash } from 'node:crypto';
import {
  type Corpus,
  type CorpusWriter,
  DataError,
  hashText,
  type NewDocument,
  type Study,
} from '../../store/index.js';
import { chunkText } from '../chunker.js';
import type { Embedder } from '../embedder/embedder.js';
import type { SourceDocument } from '../sources/document.js';
import { openEmbeddingQueue, type Slot } from './embedding-queue.js';
import { openExactDuplicates } from './exact-duplicates.js';
import type { IndexOptions } from './index-corpus.js';

const WINDOW_CHUNKS = 8192;
/** Chunks given to the embedder in one call. Cut from the window's start, so that a run that resumes cuts the same. */
const UNIT_CHUNKS = 512;

/** The documents of an ingest on their way into a corpus. */
export interface IngestRun {
  /** Tokens embedded so far. */
  readonly tokens: number;
  /** Counts a document that was read, for the time left. */
  read(document: SourceDocument): void;
  /** Cuts a document and gives its chunks to the embedder; it is committed with the window that it ends. */
  add(document: SourceDocument): Promise<void>;
  /** Commits what is left. */
  finish(): Promise<void>;
  /** Waits for what is under way, whether it succeeds or not. */
  settle(): Promise<void>;
}

/** Opens an ingest before a writer: documents wait for their vectors, and chunks for the next call of the embedder. */
export function openIngestRun(
  study: Study,
  corpus: Corpus,
  embedder: Embedder,
  writer: CorpusWriter,
  options: IndexOptions,
): IngestRun {
  const { holdOut, seed, windowChunks = WINDOW_CHUNKS } = options;
  const start = performance.now();
  const duplicates = openExactDuplicates(study, corpus.id);
  const queue = openEmbeddingQueue(embedder, writer, report);
  let window: NewDocument[] = [];
  let unit: Slot[] = [];
  let nextRow = writer.rows;
  let windowEnd = nextRow + windowChunks;
  let read = 0;
  let characters = 0;

  return {
    get tokens() {
      return queue.tokens;
    },
    read(document) {
      read++;
      characters += document.text.length;
    },
    async add(document) {
      const { key, text, source, meta, vector } = document;
      const split = isHeldOut(key, holdOut, seed) ? 'held-out' : 'train';
      const spans = (split === 'train' ? chunksOf(document) : []).map(({ start, end }) => {
        return { start, end, textHash: hashText(text.slice(start, end)) };
      });
      window.push({ key, text, source, meta, split, spans });
      for (const { start, end, textHash } of spans) {
        const row = vector ? undefined : duplicates.rowOf(textHash, nextRow);
        unit.push(vector ? { vector } : row === undefined ? { text: text.slice(start, end) } : { row });
        nextRow++;
        if (unit.length === UNIT_CHUNKS) await flush();
      }
      if (nextRow >= windowEnd) await closeWindow();
    },
    async finish() {
      await closeWindow();
      await queue.drain();
    },
    settle: () => queue.drain().catch(() => {}),
  };

  function chunksOf({ text, vector }: SourceDocument) {
    if (vector && options.chunk.by !== 'document') {
      throw new DataError('Vectors made elsewhere are of whole documents: cut chunks by "document".');
    }
    return chunkText(text, options.chunk, embedder.countTokens);
  }

  async function flush(): Promise<void> {
    if (unit.length === 0) return;
    const full = unit;
    unit = [];
    await queue.push(full);
  }

  async function closeWindow(): Promise<void> {
    await flush();
    const closed = window;
    const end = nextRow;
    window = [];
    windowEnd = nextRow + windowChunks;
    queue.afterwards(() => {
      writer.commit(closed);
      duplicates.committed(end);
    });
  }

  function report(): void {
    const { expected, onProgress } = options;
    const seconds = (performance.now() - start) / 1000;
    const share =
      expected && ('documents' in expected ? read / expected.documents : characters / expected.characters);
    const total = share && Math.max(nextRow, Math.round(nextRow / share));
    onProgress?.({
      step: `embedding ${options.name}`,
      done: writer.rows,
      ...(total && { total }),
      unit: 'chunks',
      also: [
        `${read.toLocaleString('en')} documents`,
        ...(queue.tokens > 0 ? [`${Math.round(queue.tokens / seconds).toLocaleString('en')} tokens/s`] : []),
      ].join(', '),
    });
  }
}

function isHeldOut(key: string, share: number, seed: number): boolean {
  const digest = createHash('sha256').update(`${seed}\0${key}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32 < share;
}
