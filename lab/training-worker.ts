import { parentPort } from 'node:worker_threads';
import { type Progress, postable } from '../store/index.js';
import { runTraining, type TrainingWork } from './training-run.js';
import type { TrainingMessage, TrainingReply } from './training-threads.js';

const port = parentPort!;
let answer: (goOn: boolean) => void;

port.on('message', async (message: TrainingMessage) => {
  if ('goOn' in message) answer(message.goOn);
  else reply(await train(message.work));
});

async function train(work: TrainingWork): Promise<TrainingReply> {
  try {
    return { end: await runTraining(work, mayGoOn) };
  } catch (error) {
    return { error: postable(error) };
  }
}

function mayGoOn(progress?: Progress): Promise<boolean> {
  reply({ asks: progress ? { progress } : {} });
  return new Promise((resolve) => {
    answer = resolve;
  });
}

function reply(message: TrainingReply): void {
  port.postMessage(message);
}
