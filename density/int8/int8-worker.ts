import { parentPort } from 'node:worker_threads';
import { DataError, openVectorReader } from '../../store/index.js';
import type { DensityEstimate } from '../estimate.js';
import type { WorkerReply } from '../worker-pool.js';
import { type Int8PassOptions, int8Pass } from './int8-pass.js';
import type { Int8Points } from './int8-points.js';

/** Queries for a worker to estimate, and where the points are. */
export interface Int8Task {
  queries: Float32Array;
  points: (Omit<Int8Points, 'reader'> & { folder: string })[];
  options: Omit<Int8PassOptions, 'onProgress'>;
}

const port = parentPort!;

port.on('message', async ({ queries, points, options }: Int8Task) => {
  const reply = (message: WorkerReply<(DensityEstimate | undefined)[]>) => port.postMessage(message);
  // The thread that sent the points has compared the checksums.
  const opened = points.map((one) => ({ ...one, reader: openVectorReader(one.folder, { rows: one.rows }) }));
  try {
    const onProgress: Int8PassOptions['onProgress'] = (progress) => reply({ progress });
    reply({ result: await int8Pass(queries, opened, { ...options, threads: 1, onProgress }) });
  } catch (error) {
    reply(error instanceof DataError ? { dataError: error.message } : { error });
  } finally {
    for (const { reader } of opened) reader.close();
  }
});
