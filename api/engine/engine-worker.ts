import { parentPort, workerData } from 'node:worker_threads';
import { DataError, openStudy, UsageError } from '../../store/index.js';
import { type Answerer, openAnswerer } from '../../study/index.js';
import type { EngineReply, EngineTask } from './protocol.js';

/** Sets of corpora that are open at a time; the one that was asked about longest ago is closed first. */
const OPEN_SETS = 4;

const { studyDir } = workerData as { studyDir: string };
const port = parentPort!;
const open = new Map<string, Answerer>();
let study = openStudy(studyDir);
let openVersion = 0;

port.on('message', async (task: EngineTask) => port.postMessage(await reply(task)));

async function reply({ corpora, asked, options, version }: EngineTask): Promise<EngineReply> {
  try {
    if (version !== openVersion) await reopen(version);
    return { answers: await (await answererOf(corpora)).answer(asked, options) };
  } catch (error) {
    if (error instanceof UsageError) return { usageError: error.message };
    if (error instanceof DataError || error instanceof RangeError) return { dataError: error.message };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { message, stack } };
  }
}

async function answererOf(corpora: readonly string[] | undefined): Promise<Answerer> {
  const key = JSON.stringify(corpora ?? null);
  const found = open.get(key) ?? openAnswerer(study, corpora);
  // Behind the others, as the one that was asked last.
  open.delete(key);
  open.set(key, found);
  for (const [oldest, answerer] of open) {
    if (open.size <= OPEN_SETS) break;
    open.delete(oldest);
    await answerer.close();
  }
  return found;
}

async function reopen(version: number): Promise<void> {
  for (const answerer of open.values()) await answerer.close();
  open.clear();
  study.close();
  study = openStudy(studyDir);
  openVersion = version;
}
