import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { giveUp, shareMemory } from '../../../density/stratified/gather.js';
import { built } from '../../support/built.js';

const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { gather, shared, worker, rounds } = workerData;
import(gather).then(({ gatherShared }) => {
  const all = gatherShared(shared, worker);
  const sums = [];
  for (let round = 0; round < rounds; round++) {
    const parts = all(Float64Array.from({ length: 1 + (round % 3) }, (_, i) => 100 * worker + round + i));
    sums.push(parts.map((part) => Array.from(part)));
  }
  parentPort.postMessage(sums);
}).catch((error) => parentPort.postMessage(error.message));
`;

function start(worker: number, shared: ReturnType<typeof shareMemory>, rounds: number): Promise<unknown> {
  const workerData = { gather: built('density/stratified/gather.js'), shared, worker, rounds };
  return new Promise((resolve, reject) => {
    new Worker(PROGRAM, { eval: true, workerData }).on('message', resolve).on('error', reject);
  });
}

test('every worker has what all have given, in every round', async () => {
  const shared = shareMemory(3, 4);
  const found = await Promise.all([0, 1, 2].map((worker) => start(worker, shared, 200)));
  const expected = Array.from({ length: 200 }, (_, round) =>
    [0, 1, 2].map((worker) => Array.from({ length: 1 + (round % 3) }, (_, i) => 100 * worker + round + i)),
  );
  for (const of of found) expect(of).toEqual(expected);
});

test('a worker that waits for one that failed is told', async () => {
  const shared = shareMemory(2, 4);
  const waiting = start(0, shared, 1);
  giveUp(shared);
  expect(await waiting).toMatch(/Another worker has failed/);
});
