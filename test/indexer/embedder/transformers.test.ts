import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openEmbedder } from '../../../indexer/index.js';
import { skipping } from '../../support/skipping.js';

const MODEL = fileURLToPath(new URL('../../../shared/data/models/glove-twitter-25d', import.meta.url));
const absent = existsSync(MODEL) ? undefined : `${MODEL} is not there`;

describe('openEmbedder with a transformers.js model', () => {
  it('says what cannot be loaded', async () => {
    await expect(
      openEmbedder({ kind: 'transformers', model: '/nowhere/model', dtype: 'fp32' }),
    ).rejects.toThrow('/nowhere/model');
  });
});

describe.skipIf(skipping('a real transformers.js model', absent))('glove-twitter-25d', () => {
  it('gives unit vectors in the order of the texts, alike for like texts', async () => {
    const embedder = await openEmbedder({ kind: 'transformers', model: MODEL, dtype: 'fp32' });
    const texts = [
      'the president spoke to the congress',
      'a long text '.repeat(40),
      'the congress heard the president',
    ];
    const { vectors } = await embedder.embed(texts);
    const row = (i: number) => vectors.subarray(i * embedder.dims, (i + 1) * embedder.dims);
    const cosine = (i: number, j: number) => row(i).reduce((sum, x, k) => sum + x * row(j)[k]!, 0);
    expect(embedder.dims).toBe(25);
    for (const i of [0, 1, 2]) expect(cosine(i, i)).toBeCloseTo(1, 5);
    expect(cosine(0, 2)).toBeGreaterThan(cosine(0, 1));
    await embedder.close();
  });

  it('has another fingerprint than the quantised model', async () => {
    const [full, quantised] = [
      await openEmbedder({ kind: 'transformers', model: MODEL, dtype: 'fp32' }),
      await openEmbedder({ kind: 'transformers', model: MODEL, dtype: 'q8' }),
    ];
    expect(full.fingerprint).not.toBe(quantised.fingerprint);
    await full.close();
    await quantised.close();
  });

  it('refuses a text of which it knows nothing', async () => {
    const embedder = await openEmbedder({ kind: 'transformers', model: MODEL, dtype: 'fp32' });
    await expect(embedder.embed(['', 'fine'])).rejects.toThrow('Text 0');
    await embedder.close();
  });
});
