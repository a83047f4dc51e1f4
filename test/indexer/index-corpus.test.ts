import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedder, indexCorpus, openUseLite, type SourceDocument } from '../../indexer/index.js';
import { chunkAt, chunkCount, corpusByName, openStudy, type Study } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { englishPassages } from './texts.js';

const OPTIONS = {
  name: 'mine',
  role: 'pretrain' as const,
  chunk: { by: 'sentences' as const },
  holdOut: 0.1,
  seed: 1,
  windowChunks: 128,
};

let embedder: Embedder;
beforeAll(async () => {
  embedder = await openUseLite();
});
afterAll(() => embedder.close());

async function* documents(count: number): AsyncGenerator<SourceDocument> {
  for (let i = 0; i < count; i++) {
    yield { key: `d${i}`, source: `s${i % 3}`, meta: { i }, text: englishPassages(12).join('\n') + i };
  }
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

  it('refuses a corpus without text', async () => {
    const study = openStudy(tempFolder(), { write: true });
    await expect(indexCorpus(study, embedder, documents(0), OPTIONS)).rejects.toThrow(
      '"mine" has no text to index',
    );
    study.close();
  });
});
