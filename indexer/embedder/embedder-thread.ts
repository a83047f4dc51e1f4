import { Worker } from 'node:worker_threads';
import { DataError, fromPosted, type PostedError } from '../../store/index.js';
import type { Embedded, Embedder, TextRole } from './embedder.js';
import type { EmbedderChoice } from './embedder-choice.js';

/** What a worker opens. */
export interface EmbedderSetup {
  choice: EmbedderChoice;
  threads: number;
}

/** What a worker says of the embedder that it opened. */
export type EmbedderFacts = Pick<Embedder, 'name' | 'dims' | 'maxTokens' | 'fingerprint' | 'choice'>;

/** What a worker is asked. */
export type WorkerCall = { id: number; texts: readonly string[]; role: TextRole } | 'close';

/** What a worker answers: one of the first two when it starts, one of the others to every call. */
export type WorkerReply =
  | { opened: EmbedderFacts }
  | { failed: PostedError }
  | { id: number; embedded: Embedded }
  | { id: number; error: PostedError };

/** An embedder in a thread of its own. */
export interface EmbedderThread {
  readonly facts: EmbedderFacts;
  /** Calls under way and waiting; Infinity once the thread has ended. */
  load(): number;
  /** Milliseconds in which it had a call. */
  busy(): number;
  embed(texts: readonly string[], role: TextRole): Promise<Embedded>;
  /** Ends the thread behind the calls that it has. */
  close(): Promise<void>;
}

interface Pending {
  resolve(embedded: Embedded): void;
  reject(error: Error): void;
}

/**
 * Starts a worker that opens an embedder.
 *
 * @param file the worker's built file
 * @throws what opening the embedder throws
 */
export async function startEmbedderThread(file: URL, setup: EmbedderSetup): Promise<EmbedderThread> {
  const worker = new Worker(file, { workerData: setup });
  const pending = new Map<number, Pending>();
  let calls = 0;
  let busyBefore = 0;
  let busySince = 0;
  let closing = false;
  let ended: DataError | undefined;

  const exit = new Promise((resolve) => worker.once('exit', resolve));
  const facts = await new Promise<EmbedderFacts>((resolve, reject) => {
    worker.on('message', (reply: WorkerReply) => {
      if ('opened' in reply) return resolve(reply.opened);
      if ('failed' in reply) return reject(fromPosted(reply.failed));
      const call = settle(reply.id);
      if ('embedded' in reply) call.resolve(reply.embedded);
      else call.reject(fromPosted(reply.error));
    });
    worker.on('error', (error: unknown) => reject(end(error instanceof Error ? error.message : `${error}`)));
    worker.on('exit', (code) => reject(end(`it left with code ${code}`)));
  });
  worker.unref();
  return {
    facts,
    load: () => (ended ? Number.POSITIVE_INFINITY : pending.size),
    busy: () => busyBefore + (pending.size > 0 ? performance.now() - busySince : 0),
    embed(texts, role) {
      if (ended) return Promise.reject(ended);
      if (pending.size === 0) {
        busySince = performance.now();
        worker.ref();
      }
      const id = calls++;
      worker.postMessage({ id, texts, role } satisfies WorkerCall);
      return new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
    },
    async close() {
      if (ended) return;
      closing = true;
      worker.ref();
      worker.postMessage('close' satisfies WorkerCall);
      await exit;
    },
  };

  function settle(id: number): Pending {
    const call = pending.get(id)!;
    pending.delete(id);
    if (pending.size === 0) {
      busyBefore += performance.now() - busySince;
      // No reason for the process to stay.
      if (!closing) worker.unref();
    }
    return call;
  }

  function end(reason: string): DataError {
    ended ??= new DataError(
      `A thread that embeds has ended: ${reason}. Run the same command again: it goes on where it was.`,
    );
    for (const id of [...pending.keys()]) settle(id).reject(ended);
    return ended;
  }
}
