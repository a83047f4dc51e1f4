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
    const worker = this.#idle.pop() ?? this.#start();
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

  #start(): Worker {
    const worker = new Worker(this.program);
    // One that ends while nobody waits for it is not taken again; who waits hears of it below.
    worker.on('error', () => {});
    worker.on('exit', () => {
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return worker;
  }
}

function endOf(
  worker: Worker,
  work: TrainingWork,
  mayGoOn: (progress?: Progress) => boolean,
): Promise<TrainingEnd> {
  const send = (message: TrainingMessage) => worker.postMessage(message);
  let stopHearing = () => {};
  return new Promise<TrainingEnd>((resolve, reject) => {
    const onMessage = (reply: TrainingReply) => {
      if ('end' in reply) return resolve(reply.end);
      if ('error' in reply) return reject(fromPosted(reply.error));
      try {
        send({ goOn: mayGoOn(reply.asks.progress) });
      } catch (error) {
        reject(error);
      }
    };
    const onError = (error: Error) => reject(ended(work, error.message));
    const onExit = (code: number) => reject(ended(work, `it left with code ${code}`));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    stopHearing = () => worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    send({ work });
  }).finally(() => stopHearing());
}

function ended({ folder }: TrainingWork, reason: string): DataError {
  return new DataError(
    `The thread that trains ${folder} has ended: ${reason}. Run the same command again: it goes on from its last checkpoint. Where memory is short, free some, or remove the folder and give a smaller batch or model.`,
  );
}
