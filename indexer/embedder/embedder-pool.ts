import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { least } from 'd3';
import type { Embedder } from './embedder.js';
import type { EmbedderChoice } from './embedder-choice.js';
import { type EmbedderThread, startEmbedderThread } from './embedder-thread.js';
import { openEmbedder } from './open-embedder.js';
import { openTokenCounter } from './token-counter.js';

/** How many workers a pool has. */
export interface PoolOptions {
  /** By default one a core; one alone for transformers.js, whose models take much memory. */
  workers?: number | undefined;
}

const WORKER_FILE = new URL('./embedder-worker.js', import.meta.url);

/**
 * Opens an embedder that works in threads of its own, so that reading, cutting and writing go on meanwhile. A call goes
 * as a whole to the worker with the least to do; all workers give the same vectors to the bit. An endpoint needs no
 * threads, and has none.
 *
 * @throws UsageError where there is no such model or endpoint
 */
export async function openEmbedderPool(choice: EmbedderChoice, options: PoolOptions = {}): Promise<Embedder> {
  const kind = choice === 'use-lite' ? choice : choice.kind;
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (kind === 'openai' || !existsSync(WORKER_FILE)) return openEmbedder(choice);
  const cores = availableParallelism();
  const count = options.workers ?? (kind === 'transformers' ? 1 : cores);
  const setup = { choice, threads: Math.max(1, Math.floor(cores / count)) };
  const countTokens = await openTokenCounter(choice);
  const started = await Promise.allSettled(
    Array.from({ length: count }, () => startEmbedderThread(WORKER_FILE, setup)),
  );
  const threads = started.flatMap((thread) => (thread.status === 'fulfilled' ? [thread.value] : []));
  const failed = started.find((thread) => thread.status === 'rejected');
  if (failed) {
    await closeAll(threads);
    throw failed.reason;
  }
  return poolOf(threads, countTokens);
}

/** One embedder of several threads that all have the same one. */
export function poolOf(threads: readonly EmbedderThread[], countTokens: Embedder['countTokens']): Embedder {
  let firstCall: number | undefined;
  let closed: number | undefined;
  return {
    ...threads[0]!.facts,
    // One call that runs and one that waits for its turn, in each.
    parallel: 2 * threads.length,
    countTokens,
    embed(texts, role = 'passage') {
      firstCall ??= performance.now();
      return least(threads, (thread) => thread.load())!.embed(texts, role);
    },
    waiting() {
      if (firstCall === undefined) return 0;
      const busy = threads.reduce((sum, thread) => sum + thread.busy(), 0);
      const elapsed = (closed ?? performance.now()) - firstCall;
      return elapsed > 0 ? Math.max(0, 1 - busy / (threads.length * elapsed)) : 0;
    },
    async close() {
      await closeAll(threads);
      closed ??= performance.now();
    },
  };
}

async function closeAll(threads: readonly EmbedderThread[]): Promise<void> {
  await Promise.all(threads.map((thread) => thread.close()));
}
