import { parentPort, workerData } from 'node:worker_threads';
import { DataError, openStudy, UsageError } from '../../store/index.js';
import { type Answerer, openAnswerer } from '../../study/index.js';
import type { EngineReply, EngineTask, NumberedTask } from './protocol.js';
import { Turns } from './turns.js';

/** Sets of corpora that are open at a time; the one that was asked about longest ago is closed first. */
const OPEN_SETS = 4;

const { studyDir } = workerData as { studyDir: string };
const port = parentPort!;
const open = new Map<string, Answerer>();
/** Tasks that an answerer is at work on. */
const users = new Map<Answerer, number>();
let study = openStudy(studyDir);
let openVersion = 0;

const turns = new Turns();

port.on('message', async ({ number, ...task }: NumberedTask) => {
  // What opens and closes corpora must not be in the middle of others' work.
  const isOpen = task.version === openVersion && open.has(keyOf(task.corpora));
  const work = () => reply(task);
  port.postMessage({ ...(await (task.shares && isOpen ? turns.share(work) : turns.alone(work))), number });
});

async function reply({ corpora, asked, options, version }: EngineTask): Promise<EngineReply> {
  try {
    if (version !== openVersion) await reopen(version);
    const answerer = await answererOf(corpora);
    users.set(answerer, (users.get(answerer) ?? 0) + 1);
    try {
      return { answers: await answerer.answer(asked, options) };
    } finally {
      users.set(answerer, users.get(answerer)! - 1);
    }
  } catch (error) {
    if (error instanceof UsageError) return { usageError: error.message };
    if (error instanceof DataError || error instanceof RangeError) return { dataError: error.message };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { message, stack } };
  }
}

async function answererOf(corpora: readonly string[] | undefined): Promise<Answerer> {
  const key = keyOf(corpora);
  const found = open.get(key) ?? openAnswerer(study, corpora, { shared: true });
  // Behind the others, as the one that was asked last.
  open.delete(key);
  open.set(key, found);
  for (const [oldest, answerer] of open) {
    if (open.size <= OPEN_SETS) break;
    if (answerer === found || users.get(answerer)) continue;
    open.delete(oldest);
    users.delete(answerer);
    await answerer.close();
  }
  return found;
}

function keyOf(corpora: readonly string[] | undefined): string {
  return JSON.stringify(corpora ?? null);
}

async function reopen(version: number): Promise<void> {
  for (const answerer of open.values()) await answerer.close();
  open.clear();
  users.clear();
  study.close();
  study = openStudy(studyDir);
  openVersion = version;
}
