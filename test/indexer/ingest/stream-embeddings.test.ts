import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSketch } from '../../../density/index.js';
import { chunkText, type Embedder, openUseLite, streamEmbeddings } from '../../../indexer/index.js';
import { Interrupted, type Progress } from '../../../store/index.js';
import { englishPassages } from '../texts.js';

const CHUNK = { by: 'sentences' as const };
const TEXTS = Array.from({ length: 12 }, (_, i) =>
  englishPassages(20)
    .slice(i, i + 8)
    .join('\n'),
);

let embedder: Embedder;
beforeAll(async () => {
  embedder = await openUseLite();
});
afterAll(() => embedder.close());

async function* documents(texts: readonly string[]): AsyncGenerator<{ text: string }> {
  for (const text of texts) yield { text };
}

function gathering() {
  const parts: Float32Array[] = [];
  return { parts, sink: { add: async (vectors: Float32Array) => void parts.push(vectors) } };
}

describe('streamEmbeddings', () => {
  it('hands over the vectors that the embedder gives for the chunks, in order', async () => {
    const chunks = TEXTS.flatMap((text) =>
      chunkText(text, CHUNK).map(({ start, end }) => text.slice(start, end)),
    );
    const { vectors, tokens } = await embedder.embed(chunks);
    const { parts, sink } = gathering();
    const reports: Progress[] = [];
    const streamed = await streamEmbeddings(
      embedder,
      documents(TEXTS),
      { chunk: CHUNK, onProgress: (progress) => reports.push(progress), expectedCharacters: 1e5 },
      sink,
    );
    expect(streamed).toEqual({ documents: 12, chunks: chunks.length, tokens });
    expect(Buffer.concat(parts.map((part) => Buffer.from(part.buffer)))).toEqual(Buffer.from(vectors.buffer));
    expect(reports.at(-1)).toMatchObject({ done: chunks.length, unit: 'chunks' });
  });

  it('makes the sketch of their vectors', async () => {
    const settings = { dims: embedder.dims, bits: 6, rows: 20, seed: 1 };
    const [streamed, added] = [openSketch(settings), openSketch(settings)];
    await streamEmbeddings(embedder, documents(TEXTS), { chunk: { by: 'document' } }, streamed);
    await added.add((await embedder.embed(TEXTS)).vectors);
    expect(streamed.n).toBe(12);
    expect(streamed.counts).toEqual(added.counts);
  });

  it('keeps as many calls under way as the embedder likes, and no more', async () => {
    const short = Array.from({ length: 512 * 7 + 3 }, (_, i) => `number ${i % 40}`);
    let [underWay, most] = [0, 0];
    const watched: Embedder = {
      ...embedder,
      parallel: 3,
      async embed(texts) {
        most = Math.max(most, ++underWay);
        try {
          return await embedder.embed(texts);
        } finally {
          underWay--;
        }
      },
    };
    const { parts, sink } = gathering();
    await streamEmbeddings(watched, documents(short), { chunk: CHUNK }, sink);
    expect(parts.map(({ length }) => length / embedder.dims)).toEqual([...Array(7).fill(512), 3]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('stops where it is asked to, and where the embedder or the sink fails', async () => {
    const { parts, sink } = gathering();
    const signal = AbortSignal.abort();
    await expect(
      streamEmbeddings(embedder, documents(TEXTS), { chunk: CHUNK, signal }, sink),
    ).rejects.toThrow(Interrupted);
    const failing: Embedder = { ...embedder, embed: () => Promise.reject(new Error('no model')) };
    await expect(streamEmbeddings(failing, documents(TEXTS), { chunk: CHUNK }, sink)).rejects.toThrow(
      'no model',
    );
    const full = { add: () => Promise.reject(new Error('is full')) };
    await expect(streamEmbeddings(embedder, documents(TEXTS), { chunk: CHUNK }, full)).rejects.toThrow(
      'is full',
    );
    expect(parts).toEqual([]);
    expect(await streamEmbeddings(embedder, documents([]), { chunk: CHUNK }, sink)).toMatchObject({
      chunks: 0,
    });
  });
});
