import { Worker } from 'node:worker_threads';
import { DataError, fromPosted, type PostedError, type Progress } from '../store/index.js';
import type { TrainingEnd, TrainingWork } from './training-run.js';

/** What a thread that trains is told: what to do, and then, each time that it asks, whether it may go on. */
export type TrainingMessage = { work: TrainingWork } | { goOn: boolean };

/** What it says: that it asks, any number of times, and then one of the others. */
export type TrainingReply = { asks: { progress?: Progress } } | { end: TrainingEnd } | { error: PostedError };

// From TypeScript sources, as in tests, the built program is run.
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/lab/training-worker.js' : './training-worker.js',
  import.meta.url,
);

/** Threads that train, one for each training at a time, started when they are needed and kept for the next one. */
export class TrainingThreads {
  readonly #idle: Worker[] = [];

  constructor(readonly program = PROGRAM) {}

  /**
   * Runs a training in a thread, as `runTraining` does; the work is copied into it.
   *
   * @param mayGoOn asked before every step and before the model is written, with the progress of the step before
   * @throws what `runTraining` and `mayGoOn` throw; DataError where the thread ended
   */
  async run(work: TrainingWork, mayGoOn: (progress?: Progress) => boolean): Promise<TrainingEnd> {
    const worker = this.#idle.pop() ?? new Worker(this.program);
    worker.ref();
    try {
      const end = await endOf(worker, work, mayGoOn);
      // No reason for the process to stay.
      worker.unref();
      this.#idle.push(worker);
      return end;
    } catch (error) {
      // Nothing writes to the folder once its lock is released.
      await worker.terminate();
      throw error;
    }
  }
}

function endOf(
  worker: Worker,
  work: TrainingWork,
  mayGoOn: (progress?: Progress) => boolean,
): Promise<TrainingEnd> {
  const send = (message: TrainingMessage) => worker.postMessage(message);
  return new Promise<TrainingEnd>((resolve, reject) => {
    worker.on('message', (reply: TrainingReply) => {
      if ('end' in reply) return resolve(reply.end);
      if ('error' in reply) return reject(fromPosted(reply.error));
      try {
        send({ goOn: mayGoOn(reply.asks.progress) });
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', (error) => reject(ended(work, error.message)));
    worker.on('exit', (code) => reject(ended(work, `it left with code ${code}`)));
    send({ work });
  }).finally(() => {
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  });
}

function ended({ folder }: TrainingWork, reason: string): DataError {
  return new DataError(
    `The thread that trains ${folder} has ended: ${reason}. Run the same command again: it goes on from its last checkpoint. Where memory is short, free some, or remove the folder and give a smaller batch or model.`,
  );
}
