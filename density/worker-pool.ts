import { Worker } from 'node:worker_threads';
import { DataError, type OnProgress, type Progress, UsageError } from '../store/index.js';

/** What a worker answers to a task: progress any number of times, and then one of the others. Errors lose their class on the way. */
export type WorkerReply<Result> =
  | { progress: Progress }
  | { result: Result }
  | { dataError: string }
  | { usageError: string }
  | { error: unknown };

/** Worker threads of one program, started when they are needed and kept for the next call. */
export class WorkerPool<Task, Result> {
  readonly #idle: Worker[] = [];

  constructor(readonly program: URL) {}

  /** @throws what the worker threw */
  async run(task: Task, onProgress?: OnProgress): Promise<Result> {
    const worker = this.#idle.pop() ?? new Worker(this.program);
    worker.ref();
    try {
      const result = await answerOf<Task, Result>(worker, task, onProgress);
      // No reason for the process to stay.
      worker.unref();
      this.#idle.push(worker);
      return result;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }
}

function errorOf(reply: { dataError: string } | { usageError: string } | { error: unknown }): unknown {
  if ('dataError' in reply) return new DataError(reply.dataError);
  return 'usageError' in reply ? new UsageError(reply.usageError) : reply.error;
}

function answerOf<Task, Result>(worker: Worker, task: Task, onProgress?: OnProgress): Promise<Result> {
  return new Promise((resolve, reject) => {
    const hear = (reply: WorkerReply<Result>) => {
      if ('progress' in reply) return onProgress?.(reply.progress);
      worker.off('message', hear).off('error', reject);
      if ('result' in reply) resolve(reply.result);
      else reject(errorOf(reply));
    };
    worker.on('message', hear).on('error', reject);
    worker.postMessage(task);
  });
}
