import { parentPort, workerData } from 'node:worker_threads';
import { postable } from '../../store/index.js';
import type { EmbedderSetup, WorkerCall, WorkerReply } from './embedder-thread.js';
import { openEmbedder } from './open-embedder.js';

const port = parentPort!;
const { choice, threads } = workerData as EmbedderSetup;

try {
  const embedder = await openEmbedder(choice, { threads });
  // One call after another: a session that two calls share gains nothing, and a close waits for the calls before it.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (call: WorkerCall) => {
    last = last.then(async () => {
      if (call === 'close') {
        await embedder.close();
        port.close();
        return;
      }
      try {
        const embedded = await embedder.embed(call.texts, call.role);
        reply({ id: call.id, embedded }, [embedded.vectors.buffer as ArrayBuffer]);
      } catch (error) {
        reply({ id: call.id, error: postable(error) });
      }
    });
  });
  const { name, dims, maxTokens, fingerprint, choice: opened } = embedder;
  reply({ opened: { name, dims, maxTokens, fingerprint, ...(opened && { choice: opened }) } });
} catch (error) {
  reply({ failed: postable(error) });
}

function reply(message: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
