import { Worker } from 'node:worker_threads';
import { DataError, UsageError } from '../../store/index.js';
import type { Answers } from '../../study/index.js';
import type { EngineReply, EngineTask, NumberedReply, NumberedTask } from './protocol.js';

// From TypeScript sources, as in tests, the built program is run.
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/api/engine/engine-worker.js' : './engine-worker.js',
  import.meta.url,
);

/** A thread that answers tasks away from the event loop; one that dies is started again with the next task. */
export class EngineThread {
  #worker: Worker | undefined;
  #waiting = new Map<number, { resolve(reply: EngineReply): void; reject(error: Error): void }>();
  #number = 0;
  #isClosed = false;

  constructor(readonly studyDir: string) {}

  /** @throws UsageError or DataError as the worker did, and Error where it failed */
  async run(task: EngineTask): Promise<Answers> {
    // What still waits when the server closes must not start a thread that nobody would end.
    if (this.#isClosed) throw new Error('The server is closing.');
    this.#worker ??= this.#start();
    const number = this.#number++;
    const replied = new Promise<EngineReply>((resolve, reject) =>
      this.#waiting.set(number, { resolve, reject }),
    );
    this.#worker.postMessage({ ...task, number } satisfies NumberedTask);
    const reply = await replied;
    if ('answers' in reply) return reply.answers;
    if ('usageError' in reply) throw new UsageError(reply.usageError);
    if ('dataError' in reply) throw new DataError(reply.dataError);
    throw Object.assign(new Error(reply.error.message), { stack: reply.error.stack });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { workerData: { studyDir: this.studyDir } });
    const waiting = this.#waiting;
    const fail = (error: Error) => {
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#waiting = new Map();
      }
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', ({ number, ...reply }: NumberedReply) => {
      waiting.get(number)?.resolve(reply);
      waiting.delete(number);
    });
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`The thread that estimates densities ended with ${code}.`)));
    return worker;
  }
}
