import { parentPort } from 'node:worker_threads';

/** What the thread of faiss-node.ts is asked to do; `handle` numbers an open index. */
export type FaissRequest =
  | { call: 'load' }
  | { call: 'open'; handle: number; file: string }
  | { call: 'search'; handle: number; queries: Float32Array; k: number }
  | { call: 'close'; handle: number };

/** What it answers: the result of the call, or why it failed. */
export type FaissResponse = { id: number } & ({ result: FaissResult } | { error: string });

/** The size of an opened index, or the `(queries, k)` rows and scores of a search. */
export interface FaissResult {
  rows?: number;
  dims?: number;
  neighbours?: { rows: Int32Array; scores: Float32Array };
}

/** What is used of faiss-node, whose own types are gone where npm could not install it. */
interface FaissNode {
  Index: { read(file: string): Index };
}

interface Index {
  ntotal(): number;
  getDimension(): number;
  search(queries: number[], k: number): { labels: number[]; distances: number[] };
}

const indexes = new Map<number, Index>();

parentPort?.on('message', async ({ id, ...request }: FaissRequest & { id: number }) => {
  let response: FaissResponse;
  try {
    response = { id, result: await answer(request as FaissRequest) };
  } catch (error) {
    response = { id, error: (error as Error).message };
  }
  parentPort?.postMessage(response);
});

async function answer(request: FaissRequest): Promise<FaissResult> {
  switch (request.call) {
    case 'load':
      await loadFaiss();
      return {};
    case 'open': {
      const index = (await loadFaiss()).Index.read(request.file);
      indexes.set(request.handle, index);
      return { rows: index.ntotal(), dims: index.getDimension() };
    }
    case 'search': {
      // faiss-node takes and gives plain arrays only.
      const found = indexes.get(request.handle)!.search(Array.from(request.queries), request.k);
      return {
        neighbours: { rows: Int32Array.from(found.labels), scores: Float32Array.from(found.distances) },
      };
    }
    case 'close':
      indexes.delete(request.handle);
      return {};
  }
}

async function loadFaiss(): Promise<FaissNode> {
  // Not a literal, so that the compiler does not look for a package that may be absent.
  const name: string = 'faiss-node';
  return ((await import(name)) as { default: FaissNode }).default;
}
