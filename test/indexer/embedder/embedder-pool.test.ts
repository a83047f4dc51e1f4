import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf } from '../../../indexer/embedder/embedder-pool.js';
import {
  type EmbedderFacts,
  type EmbedderThread,
  startEmbedderThread,
} from '../../../indexer/embedder/embedder-thread.js';
import { type Embedder, openEmbedder, openEmbedderPool, openTokenizer } from '../../../indexer/index.js';
import { DataError, UsageError } from '../../../store/index.js';
import { built } from '../../support/built.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { englishPassages } from '../texts.js';

const WORKER = new URL(built('indexer/embedder/embedder-worker.js'));
const USE_LITE = { choice: 'use-lite', threads: 1 } as const;
const GLOVE = ['models', 'glove-twitter-25d'];

describe('a pool of two workers', () => {
  const threads: EmbedderThread[] = [];
  let pool: Embedder;
  let alone: Embedder;

  beforeAll(async () => {
    threads.push(...(await Promise.all([1, 2].map(() => startEmbedderThread(WORKER, USE_LITE)))));
    pool = poolOf(threads, (text) => text.length);
    alone = await openEmbedder('use-lite', { threads: 1 });
  });
  afterAll(async () => {
    await pool.close();
    await alone.close();
  });

  it('says what one embedder says of itself', () => {
    const { name, dims, maxTokens, fingerprint } = alone;
    expect(pool).toMatchObject({ name, dims, maxTokens, fingerprint, parallel: 4 });
    expect(pool.waiting?.()).toBe(0);
  });

  it('gives the same vectors to the bit, whichever worker makes them', async () => {
    const texts = englishPassages(40);
    const expected = await alone.embed(texts);
    for (const thread of threads) expect(await thread.embed(texts, 'passage')).toEqual(expected);
    for (const one of await Promise.all([1, 2, 3, 4, 5].map(() => pool.embed(texts)))) {
      expect(one).toEqual(expected);
    }
  });

  it('deals calls to the worker with the least to do', async () => {
    const texts = englishPassages(8);
    const calls = [1, 2, 3, 4].map(() => pool.embed(texts));
    expect(threads.map((thread) => thread.load())).toEqual([2, 2]);
    await Promise.all(calls);
    expect(threads.map((thread) => thread.load())).toEqual([0, 0]);
  });

  it('throws a worker’s errors as what they are, and goes on', async () => {
    const refused = pool.embed(['one', '']);
    await expect(refused).rejects.toThrow('Text 1 is empty');
    await expect(refused).rejects.toBeInstanceOf(DataError);
    expect((await pool.embed(['one'])).vectors).toEqual((await alone.embed(['one'])).vectors);
  });

  it('measures which share of the time its workers have nothing to do', async () => {
    const busyBefore = threads.map((thread) => thread.busy());
    await threads[0]!.embed(englishPassages(8), 'passage');
    expect(threads[0]!.busy()).toBeGreaterThan(busyBefore[0]!);
    expect(threads[1]!.busy()).toBe(busyBefore[1]!);
    const waiting = pool.waiting!();
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(1);
  });
});

describe('a worker that ends', () => {
  const dying = (whenCalled: string) =>
    new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        parentPort.postMessage({ opened: { name: 'dying', dims: 1, maxTokens: 1, fingerprint: 'x' } });
        parentPort.on('message', () => { ${whenCalled} });
      `)}`,
    );

  it.each([
    ['exits', 'process.exit(3)', 'it left with code 3'],
    ['throws', 'throw new Error("out of memory")', 'out of memory'],
  ])('by a call that %s rejects its calls and those after it', async (_, whenCalled, words) => {
    const thread = await startEmbedderThread(dying(whenCalled), USE_LITE);
    expect(thread.facts).toEqual<EmbedderFacts>({ name: 'dying', dims: 1, maxTokens: 1, fingerprint: 'x' });
    const calls = await Promise.allSettled([thread.embed(['a'], 'query'), thread.embed(['b'], 'query')]);
    for (const call of calls) {
      expect(call).toMatchObject({ status: 'rejected', reason: expect.any(DataError) });
      expect(`${(call as PromiseRejectedResult).reason}`).toContain(words);
    }
    await expect(thread.embed(['c'], 'query')).rejects.toThrow('Run the same command again');
    await thread.close();
  });

  it('has no calls from a pool with another worker', async () => {
    const dead = await startEmbedderThread(dying('process.exit(1)'), USE_LITE);
    await expect(dead.embed(['a'], 'query')).rejects.toThrow(DataError);
    const pool = poolOf([dead, await startEmbedderThread(WORKER, USE_LITE)], () => 0);
    expect((await pool.embed(['a'])).vectors).toHaveLength(512);
    await pool.close();
  });
});

describe('openEmbedderPool as it is built', () => {
  const open = async (...args: Parameters<typeof openEmbedderPool>) => {
    const door = (await import(built('indexer/index.js'))) as { openEmbedderPool: typeof openEmbedderPool };
    return door.openEmbedderPool(...args);
  };

  it('opens as many workers as it is told', async () => {
    const pool = await open('use-lite', { workers: 3 });
    expect(pool.parallel).toBe(6);
    expect(pool.countTokens('peace and commerce')).toBe(openTokenizer().encode('peace and commerce').length);
    await pool.close();
  });

  it('finishes the calls that it has before it closes', async () => {
    const thread = await startEmbedderThread(WORKER, USE_LITE);
    const calls = [thread.embed(['one'], 'passage'), thread.embed(['two'], 'passage')];
    await thread.close();
    for (const { vectors } of await Promise.all(calls)) expect(vectors).toHaveLength(512);
    await expect(thread.embed(['three'], 'passage')).rejects.toThrow('has ended');
  });

  it('says why no worker can open the embedder', async () => {
    const opening = open({ kind: 'transformers', model: '/nowhere/model', dtype: 'fp32' }, { workers: 2 });
    await expect(opening).rejects.toThrow('/nowhere/model');
    await expect(opening).rejects.toMatchObject({ name: 'UsageError', exitCode: 2 });
  });

  it.skipIf(skipping('a real transformers.js model in a worker', whyNoData(...GLOVE)))(
    'runs a transformers.js model in one worker',
    async () => {
      const choice = { kind: 'transformers', model: sharedData(...GLOVE), dtype: 'fp32' } as const;
      const [pool, alone] = [await open(choice), await openEmbedder(choice)];
      const texts = englishPassages(20);
      expect(pool.parallel).toBe(2);
      expect(pool.fingerprint).toBe(alone.fingerprint);
      expect(await pool.embed(texts)).toEqual(await alone.embed(texts));
      expect(pool.countTokens(texts[0]!)).toBe(alone.countTokens(texts[0]!));
      await pool.close();
      await alone.close();
    },
  );
});

describe('openEmbedderPool from TypeScript sources', () => {
  it('opens the embedder in this thread', async () => {
    const pool = await openEmbedderPool('use-lite', { workers: 2 });
    expect(pool.parallel).toBe(1);
    await pool.close();
    await expect(
      openEmbedderPool({ kind: 'transformers', model: '/nowhere/model', dtype: 'fp32' }),
    ).rejects.toBeInstanceOf(UsageError);
  });
});
