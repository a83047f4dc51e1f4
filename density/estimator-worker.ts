import { parentPort } from 'node:worker_threads';
import { openVectorReader } from '../store/index.js';
import type { WorkerReply, WorkerTask } from './parallel.js';
import { SERIAL_ESTIMATORS } from './serial-estimators.js';

const port = parentPort!;

port.on('message', async ({ estimator, queries, points, options }: WorkerTask) => {
  const opened = points.map((one) => ({
    ...one,
    // The thread that sent the points has compared the checksums.
    reader: openVectorReader(one.folder, { rows: one.documentOfRow.length }),
  }));
  try {
    const estimates = await SERIAL_ESTIMATORS[estimator](queries, opened, {
      ...options,
      threads: 1,
      onProgress: (progress) => reply({ progress }),
    });
    reply({ estimates });
  } catch (error) {
    reply({ error });
  } finally {
    for (const { reader } of opened) reader.close();
  }
});

function reply(message: WorkerReply): void {
  port.postMessage(message);
}
