import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactDensity, openPoints } from '../../../density/index.js';
import { type Embedder, indexCorpus, openUseLite, type SourceDocument } from '../../../indexer/index.js';
import {
  chunkAt,
  chunkCount,
  corpusByName,
  ingestsOf,
  openCorpusVectors,
  openStudy,
  type Study,
  summariseCorpora,
} from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';
import { englishPassages } from '../texts.js';

const OPTIONS = {
  name: 'mine',
  role: 'pretrain' as const,
  chunk: { by: 'sentences' as const },
  holdOut: 0.1,
  seed: 1,
  key: 'these inputs',
  windowChunks: 128,
};

let embedder: Embedder;
beforeAll(async () => {
  embedder = await openUseLite();
});
afterAll(() => embedder.close());

async function* documents(count: number, first = 0): AsyncGenerator<SourceDocument> {
  for (let i = first; i < count; i++) {
    yield { key: `d${i}`, source: `s${i % 3}`, meta: { i }, text: englishPassages(12).join('\n') + i };
  }
}

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Embeds as the real one does, and notes the texts that it was given. */
function countingTexts(): { counting: Embedder; texts: string[] } {
  const texts: string[] = [];
  const counting: Embedder = {
    ...embedder,
    embed(given, role) {
      texts.push(...given);
      return embedder.embed(given, role);
    },
  };
  return { counting, texts };
}

/** Embeds as the real one does, and fails at the n-th call, as a killed process would. */
function failingAt(call: number): Embedder {
  let calls = 0;
  return {
    ...embedder,
    embed: (texts) => {
      if (++calls === call) throw new Error('killed');
      return embedder.embed(texts);
    },
  };
}

const vectorsOf = (study: Study) =>
  readFileSync(join(study.vectorFolder('corpus', 'mine'), 'part-00000.faiss'));

describe('indexCorpus', () => {
  it('gives every chunk a row, and its text in place', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const indexed = await indexCorpus(study, embedder, documents(20), OPTIONS);
    const corpus = corpusByName(study.db, 'mine')!;
    expect(indexed.documents).toBe(20);
    expect(indexed.heldOut).toBeGreaterThan(0);
    expect(indexed.chunks).toBe(chunkCount(study.db, corpus.id));
    const chunk = chunkAt(study.db, corpus.id, 5)!;
    const { vectors: again } = await embedder.embed([chunk.text]);
    const bytes = vectorsOf(study);
    for (let j = 0; j < embedder.dims; j++) {
      expect(bytes.readFloatLE(45 + (5 * embedder.dims + j) * 4)).toBeCloseTo(again[j]!, 6);
    }
    study.close();
  });

  it('goes on behind the last commit, and ends bit for bit as if never interrupted', async () => {
    const [whole, broken] = [tempFolder(), tempFolder()].map((dir) => openStudy(dir, { write: true }));
    await indexCorpus(whole!, embedder, documents(30), OPTIONS);
    await expect(indexCorpus(broken!, failingAt(2), documents(30), OPTIONS)).rejects.toThrow('killed');
    const kept = chunkCount(broken!.db, corpusByName(broken!.db, 'mine')!.id);
    expect(kept).toBeGreaterThan(0);
    await indexCorpus(broken!, embedder, documents(30), OPTIONS);
    expect(vectorsOf(broken!).equals(vectorsOf(whole!))).toBe(true);
    const rows = (study: Study) => study.db.prepare('SELECT row, document_id, start, end FROM chunks').all();
    expect(rows(broken!)).toEqual(rows(whole!));
    whole!.close();
    broken!.close();
  });

  it('holds the same documents out for the same seed, and others for another', async () => {
    const heldOut = async (seed: number) => {
      const study = openStudy(tempFolder(), { write: true });
      await indexCorpus(study, embedder, documents(30), { ...OPTIONS, holdOut: 0.5, seed });
      const keys = study.db.prepare(`SELECT key FROM documents WHERE split = 'held-out'`).pluck().all();
      study.close();
      return keys;
    };
    expect(await heldOut(1)).toEqual(await heldOut(1));
    expect(await heldOut(1)).not.toEqual(await heldOut(2));
  });

  it('embeds a text once, and counts it as often as it occurs', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const { counting, texts } = countingTexts();
    const sentence = 'The navy has been much improved in the past year.';
    const pages = Array.from({ length: 6 }, (_, i) => ({
      ...{ key: `d${i}`, source: 's', meta: {} },
      text: `${sentence} Page ${i} says something that no other page says.`,
    }));
    const indexed = await indexCorpus(study, counting, inTurn(pages), {
      ...OPTIONS,
      holdOut: 0,
      windowChunks: 4,
    });
    expect(indexed).toMatchObject({ chunks: 12, duplicates: 5 });
    expect(texts).toHaveLength(7);
    const { dims } = embedder;
    const reader = openCorpusVectors(study, corpusByName(study.db, 'mine')!);
    const rows = Float32Array.from({ length: 12 * dims });
    reader.read(0, 12, rows);
    reader.close();
    for (let page = 1; page < 6; page++) {
      expect(rows.slice(2 * page * dims, (2 * page + 1) * dims)).toEqual(rows.slice(0, dims));
    }
    study.close();
  });

  it('has the density of a corpus in which a repeated text has the weight of its copies', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const [often, once] = ['Ships were built for the navy of the union.', 'Wheat was sold to other nations.'];
    const pages = [often, once, often, often].map((text, i) => ({
      key: `d${i}`,
      source: 's',
      meta: {},
      text,
    }));
    await indexCorpus(study, embedder, inTurn(pages), { ...OPTIONS, holdOut: 0 });
    const query = (await embedder.embed(['How large is the navy?'], 'query')).vectors;
    const points = openPoints(study, ['mine'], embedder);
    const [estimate] = await exactDensity(query, points, { kernel: 'exponential', bandwidth: 0.3 });
    for (const { reader } of points) reader.close();
    const { vectors } = await embedder.embed([often, once]);
    const kernelAt = (row: number) => {
      const vector = vectors.subarray(row * embedder.dims, (row + 1) * embedder.dims);
      return Math.exp(-Math.sqrt(query.reduce((sum, x, j) => sum + (x - vector[j]!) ** 2, 0)) / 0.3);
    };
    expect(estimate!.logDensity).toBeCloseTo(Math.log((3 * kernelAt(0) + kernelAt(1)) / 4), 5);
    study.close();
  });

  it('adds to a corpus when asked to, and only then', async () => {
    const study = openStudy(tempFolder(), { write: true });
    await indexCorpus(study, embedder, documents(5), OPTIONS);
    const more = { ...OPTIONS, key: 'other inputs' };
    await expect(indexCorpus(study, embedder, documents(8), more)).rejects.toThrow(
      /"mine" is there already, with \d+ chunks\. Add to it with --append/,
    );
    await expect(indexCorpus(study, embedder, documents(8), { ...more, append: true })).rejects.toThrow(
      'has a document "d0" already',
    );
    const added = await indexCorpus(study, embedder, documents(9, 5), { ...more, append: true });
    expect(added.documents).toBe(9);
    const whole = openStudy(tempFolder(), { write: true });
    await indexCorpus(whole, embedder, documents(9), OPTIONS);
    expect(summariseCorpora(study.db)[0]).toEqual(summariseCorpora(whole.db)[0]);
    expect(ingestsOf(study.db, 1)).toMatchObject([
      { key: 'these inputs', documentsBefore: 0 },
      { key: 'other inputs', documentsBefore: 5 },
    ]);
    study.close();
    whole.close();
  });

  it('does nothing twice', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const first = await indexCorpus(study, embedder, documents(5), OPTIONS);
    const { counting, texts } = countingTexts();
    expect(await indexCorpus(study, counting, documents(5), OPTIONS)).toMatchObject({ chunks: first.chunks });
    expect(texts).toEqual([]);
    study.close();
  });

  it('does not go on with other inputs than those it was interrupted with', async () => {
    const study = openStudy(tempFolder(), { write: true });
    await expect(indexCorpus(study, failingAt(2), documents(30), OPTIONS)).rejects.toThrow('killed');
    await expect(indexCorpus(study, embedder, documents(30), { ...OPTIONS, key: 'other' })).rejects.toThrow(
      /half indexed, by a command with other inputs: \d+ documents/,
    );
    study.close();
  });

  it('stops when it is told to, and goes on to the same end', async () => {
    const [whole, stopped] = [tempFolder(), tempFolder()].map((dir) => openStudy(dir, { write: true }));
    await indexCorpus(whole!, embedder, documents(30), OPTIONS);
    const stop = new AbortController();
    const options = { ...OPTIONS, signal: stop.signal, onProgress: () => stop.abort() };
    await expect(indexCorpus(stopped!, embedder, documents(30), options)).rejects.toThrow(
      /^Stopped: \d+ documents of corpus "mine" are kept\. Run the same command again/,
    );
    expect(summariseCorpora(stopped!.db)[0]!.documents).toBeLessThan(30);
    await indexCorpus(stopped!, embedder, documents(30), OPTIONS);
    expect(vectorsOf(stopped!).equals(vectorsOf(whole!))).toBe(true);
    whole!.close();
    stopped!.close();
  });

  it('refuses vectors of another embedder', async () => {
    const study = openStudy(tempFolder(), { write: true });
    await indexCorpus(study, embedder, documents(3), OPTIONS);
    const other = { ...embedder, name: 'other', fingerprint: 'other' };
    await expect(indexCorpus(study, other, documents(3), { ...OPTIONS, append: true })).rejects.toThrow(
      '"mine" was embedded by use-lite, and vectors of two embedders cannot be mixed',
    );
    study.close();
  });

  it('refuses a corpus without text, which then is no hindrance', async () => {
    const study = openStudy(tempFolder(), { write: true });
    await expect(indexCorpus(study, embedder, documents(0), OPTIONS)).rejects.toThrow(
      '"mine" has no text to index',
    );
    const indexed = await indexCorpus(study, embedder, documents(2), { ...OPTIONS, key: 'other' });
    expect(indexed.documents).toBe(2);
    study.close();
  });
});
