import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, JobStore, Progress } from '../../store/index.js';
import type { JobMessage } from './protocol.js';

/** A job with how far it is, where that is known. */
export interface JobState extends Job {
  progress: Progress | null;
}

/** Runs jobs one after another, each in a process of its own. */
export interface JobRunner {
  /** Whether so many wait that no more are taken. */
  isFull(): boolean;
  add(kind: string, request: unknown): JobState;
  get(id: string): JobState | undefined;
  list(): JobState[];
  /** Ends it, or takes it out of the queue; what has ended stays as it is. */
  cancel(id: string): JobState | undefined;
  /** Hears of every change of a job until the returned function is called. */
  listen(id: string, onChange: (job: JobState) => void): () => void;
  /** Ends what runs; it goes on when the study is served again. */
  close(): Promise<void>;
}

// From TypeScript sources, as in tests, the built program is run.
const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/api/jobs/job-process.js' : './job-process.js',
    import.meta.url,
  ),
);
const MOST_WAITING = 100;
/** A process that does not end when asked to is ended after this time, ms. */
const GRACE_MS = 5000;

/** Opens the runner of a study; jobs that were running when the server died are run again. */
export function openJobRunner(studyDir: string, store: JobStore): JobRunner {
  const events = new EventEmitter().setMaxListeners(0);
  let running:
    | { id: string; child: ChildProcess; progress: Progress | null; over: Promise<void> }
    | undefined;
  let isClosing = false;
  store.requeue();
  start();
  return {
    isFull: () => store.waiting() >= MOST_WAITING,
    add,
    get,
    list: () => store.list().map(stateOf),
    cancel,
    listen,
    close,
  };

  function add(kind: string, request: unknown): JobState {
    const job = store.add(kind, request);
    start();
    return stateOf(store.get(job.id)!);
  }

  function get(id: string): JobState | undefined {
    const job = store.get(id);
    return job && stateOf(job);
  }

  function cancel(id: string): JobState | undefined {
    const job = store.get(id);
    if (!job || (job.status !== 'queued' && job.status !== 'running')) return job && stateOf(job);
    const cancelled = settle(id, { status: 'cancelled' });
    if (running?.id === id) end(running.child);
    return cancelled;
  }

  function listen(id: string, onChange: (job: JobState) => void): () => void {
    events.on(id, onChange);
    return () => events.off(id, onChange);
  }

  async function close(): Promise<void> {
    isClosing = true;
    if (running) {
      end(running.child);
      await running.over;
    }
    store.close();
  }

  function start(): void {
    if (running || isClosing) return;
    const job = store.take();
    if (!job) return;
    const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    running = { id: job.id, child, progress: null, over };
    child.on('message', (message: JobMessage) => hear(job.id, message));
    child.once('exit', (code, signal) => {
      running = undefined;
      // A job that the server ends as it closes stays as it is, to be run again.
      if (store.get(job.id)?.status === 'running' && !isClosing) {
        settle(job.id, { status: 'failed', error: `The process of the job ended with ${signal ?? code}.` });
      }
      start();
    });
    child.send({ studyDir, kind: job.kind, request: job.request });
    tell(job.id);
  }

  function hear(id: string, message: JobMessage): void {
    if (store.get(id)?.status !== 'running') return;
    if ('result' in message) settle(id, { status: 'done', result: message.result });
    else if ('error' in message) settle(id, { status: 'failed', error: message.error });
    else {
      if (running?.id === id) running.progress = message.progress;
      tell(id);
    }
  }

  function settle(id: string, change: Partial<Pick<Job, 'status' | 'result' | 'error'>>): JobState {
    store.update(id, { ...change, ended: new Date().toISOString() });
    return tell(id);
  }

  function tell(id: string): JobState {
    const state = stateOf(store.get(id)!);
    events.emit(id, state);
    return state;
  }

  function stateOf(job: Job): JobState {
    return { ...job, progress: running?.id === job.id ? running.progress : null };
  }
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(late));
}
