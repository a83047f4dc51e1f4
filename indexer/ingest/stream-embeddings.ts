import { Interrupted, type OnProgress } from '../../store/index.js';
import { type ChunkOptions, chunkText } from '../chunker.js';
import type { Embedded, Embedder } from '../embedder/embedder.js';
import type { SourceDocument } from '../sources/document.js';

/** Receives vectors and keeps of them what it likes. */
export interface EmbeddingSink {
  /** @param vectors `(chunks, dims)` row-major unit vectors */
  add(vectors: Float32Array): Promise<void>;
}

/** How documents are cut, and who hears of it. */
export interface StreamOptions {
  chunk: ChunkOptions;
  onProgress?: OnProgress | undefined;
  /** Stops at the next document. */
  signal?: AbortSignal | undefined;
  /** About how many characters there are to read, for the time left. */
  expectedCharacters?: number | undefined;
}

/** What went through. */
export interface Streamed {
  documents: number;
  chunks: number;
  tokens: number;
}

/** Chunks given to the embedder in one call. */
const UNIT_CHUNKS = 512;

/**
 * Cuts documents into chunks, embeds them and hands their vectors to a sink, in order, keeping none: memory holds the
 * texts and vectors of `embedder.parallel` calls and no more, however many documents there are. Chunks with the same
 * text are embedded as often as they occur.
 *
 * @throws Interrupted where the signal stopped it
 */
export async function streamEmbeddings(
  embedder: Embedder,
  documents: AsyncIterable<Pick<SourceDocument, 'text'>>,
  options: StreamOptions,
  sink: EmbeddingSink,
): Promise<Streamed> {
  const { chunk, onProgress, signal, expectedCharacters } = options;
  const underWay: Promise<Embedded>[] = [];
  const streamed: Streamed = { documents: 0, chunks: 0, tokens: 0 };
  let unit: string[] = [];
  let characters = 0;
  try {
    for await (const document of documents) {
      if (signal?.aborted) {
        throw new Interrupted(`Stopped behind ${streamed.chunks} chunks: nothing is kept of them.`);
      }
      streamed.documents++;
      characters += document.text.length;
      await cut(document.text);
    }
    await flush();
    while (underWay.length > 0) await handOver();
    return streamed;
  } finally {
    await Promise.allSettled(underWay);
  }

  async function cut(text: string): Promise<void> {
    for (const { start, end } of chunkText(text, chunk, embedder.countTokens)) {
      unit.push(text.slice(start, end));
      if (unit.length === UNIT_CHUNKS) await flush();
    }
  }

  async function flush(): Promise<void> {
    if (unit.length === 0) return;
    const texts = unit;
    unit = [];
    while (underWay.length >= embedder.parallel) await handOver();
    const embedding = embedder.embed(texts);
    // Whoever waits for it hears of a failure; until then it is not unhandled.
    embedding.catch(() => {});
    underWay.push(embedding);
  }

  async function handOver(): Promise<void> {
    const { vectors, tokens } = await underWay.shift()!;
    await sink.add(vectors);
    streamed.chunks += vectors.length / embedder.dims;
    streamed.tokens += tokens;
    const total =
      expectedCharacters &&
      Math.max(streamed.chunks, Math.round((streamed.chunks * expectedCharacters) / characters));
    onProgress?.({
      step: 'embedding',
      done: streamed.chunks,
      ...(total && { total }),
      unit: 'chunks',
      also: `${streamed.documents.toLocaleString('en')} documents`,
    });
  }
}
