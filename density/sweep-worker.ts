import { parentPort } from 'node:worker_threads';
import { DataError, openVectorReader, type Progress } from '../store/index.js';
import type { StoredPoints } from './parallel.js';
import { type SweepDensities, type SweepOptions, sweepHere } from './sweep-pass.js';

/** A block of queries for a worker to sweep over. */
export interface SweepTask {
  queries: Float32Array;
  points: StoredPoints[];
  options: Omit<SweepOptions, 'onProgress' | 'threads'>;
}

/** What a worker answers, progress any number of times and then one of the others. Errors lose their class on the way. */
export type SweepReply =
  | { progress: Progress }
  | { densities: SweepDensities[] }
  | { dataError: string }
  | { error: unknown };

const port = parentPort!;

port.on('message', async ({ queries, points, options }: SweepTask) => {
  const opened = points.map((one) => {
    // The thread that sent the points has compared the checksums.
    return { ...one, reader: openVectorReader(one.folder, { rows: one.documentOfRow.length }) };
  });
  const reply = (message: SweepReply) => port.postMessage(message);
  try {
    const onProgress = (progress: Progress) => reply({ progress });
    reply({ densities: await sweepHere(queries, opened, { ...options, threads: 1, onProgress }) });
  } catch (error) {
    reply(error instanceof DataError ? { dataError: error.message } : { error });
  } finally {
    for (const { reader } of opened) reader.close();
  }
});
