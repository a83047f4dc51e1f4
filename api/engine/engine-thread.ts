import { Worker } from 'node:worker_threads';
import { DataError, UsageError } from '../../store/index.js';
import type { Answers } from '../../study/index.js';
import type { EngineReply, EngineTask } from './protocol.js';

// From TypeScript sources, as in tests, the built program is run.
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/api/engine/engine-worker.js' : './engine-worker.js',
  import.meta.url,
);

/** A thread that answers one task at a time, away from the event loop; one that dies is started again with the next task. */
export class EngineThread {
  #worker: Worker | undefined;

  constructor(readonly studyDir: string) {}

  /** @throws UsageError or DataError as the worker did, and Error where it failed */
  async run(task: EngineTask): Promise<Answers> {
    this.#worker ??= this.#start();
    const reply = await replyOf(this.#worker, task);
    if ('answers' in reply) return reply.answers;
    if ('usageError' in reply) throw new UsageError(reply.usageError);
    if ('dataError' in reply) throw new DataError(reply.dataError);
    throw Object.assign(new Error(reply.error.message), { stack: reply.error.stack });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, {
      workerData: { studyDir: this.studyDir },
    });
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}

function replyOf(worker: Worker, task: EngineTask): Promise<EngineReply> {
  return new Promise((resolve, reject) => {
    const settle = () => worker.off('message', hear).off('error', fail).off('exit', exited);
    const hear = (reply: EngineReply) => {
      settle();
      resolve(reply);
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    const exited = (code: number) =>
      fail(new Error(`The thread that estimates densities ended with ${code}.`));
    worker.on('message', hear).on('error', fail).on('exit', exited);
    worker.postMessage(task);
  });
}
