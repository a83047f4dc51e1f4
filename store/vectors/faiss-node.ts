import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { DataError } from '../errors.js';
import type { FaissRequest, FaissResponse, FaissResult } from './faiss-worker.js';
import { readHeaderOf } from './format.js';
import { isIvfFile, readIvfHeaderOf } from './ivf-header.js';

/** A vector file opened by FAISS itself, for checking our own arithmetic against it. */
export interface FaissIndex {
  readonly rows: number;
  readonly dims: number;
  /**
   * The `k` rows of the largest inner product for each of the `(queries, dims)` row-major queries, best first.
   *
   * @returns rows and scores, both `(queries, k)`
   * @throws RangeError where `queries` is not whole or `k` is not 1 to `rows`
   */
  search(queries: Float32Array, k: number): Promise<{ rows: Int32Array; scores: Float32Array }>;
  /** Frees the index; its thread ends with the last one. */
  close(): Promise<void>;
}

interface Thread {
  ask(request: FaissRequest, transfer?: ArrayBuffer[]): Promise<FaissResult>;
  end(): Promise<unknown>;
  users: number;
}

// One for the process: the addon keeps its constructors in static variables, which a second thread would overwrite.
let thread: Thread | undefined;
let lastHandle = 0;

/** Why faiss-node cannot be used here, or undefined where it can. */
export async function whyNoFaiss(): Promise<string | undefined> {
  const used = hold();
  const reason = await whyNotLoaded(used);
  await letGo(used);
  return reason;
}

/**
 * Opens one `part-….faiss` or `ivf-….faiss` file with the faiss-node addon, in a worker thread; undefined where the addon is not
 * built (`whyNoFaiss` says why).
 *
 * @throws DataError where the file is missing, or is not a whole IndexFlatIP or IndexIVFFlat
 */
export async function openFaissIndex(file: string): Promise<FaissIndex | undefined> {
  if (!existsSync(file)) throw new DataError(`${file} is missing.`);
  // FAISS ends the process where a damaged header asks for more memory than there is.
  if (isIvfFile(file)) readIvfHeaderOf(file);
  else readHeaderOf(file);
  const used = hold();
  if (await whyNotLoaded(used)) {
    await letGo(used);
    return undefined;
  }
  const handle = ++lastHandle;
  try {
    const { rows, dims } = await used.ask({ call: 'open', handle, file });
    return faissIndex(used, handle, rows!, dims!);
  } catch (error) {
    await letGo(used);
    throw new DataError(`FAISS cannot read ${file}: ${(error as Error).message}`);
  }
}

async function whyNotLoaded(used: Thread): Promise<string | undefined> {
  try {
    await used.ask({ call: 'load' });
    return undefined;
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.? Tried:|\n/);
    return `the faiss-node addon does not load (${reason}); run: npm run setup:faiss`;
  }
}

function faissIndex(used: Thread, handle: number, rows: number, dims: number): FaissIndex {
  let open = true;
  return {
    rows,
    dims,
    async search(queries, k) {
      if (!open) throw new Error('This FAISS index is closed.');
      if (queries.length % dims !== 0) {
        throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
      }
      if (!Number.isInteger(k) || k < 1 || k > rows)
        throw new RangeError(`k is ${k}; 1 to ${rows} is needed.`);
      const copy = queries.slice();
      return (await used.ask({ call: 'search', handle, queries: copy, k }, [copy.buffer])).neighbours!;
    },
    async close() {
      if (!open) return;
      open = false;
      await used.ask({ call: 'close', handle });
      await letGo(used);
    },
  };
}

function hold(): Thread {
  thread ??= startThread();
  thread.users++;
  return thread;
}

async function letGo(used: Thread): Promise<void> {
  if (--used.users > 0) return;
  if (thread === used) thread = undefined;
  await used.end();
}

function startThread(): Thread {
  // Beside this module in dist/; the TypeScript sources have no such file, so tests use the built one.
  const worker = new Worker(new URL('./faiss-worker.js', import.meta.url));
  const waiting = new Map<number, { resolve(result: FaissResult): void; reject(error: Error): void }>();
  let lastId = 0;
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (response: FaissResponse) => {
    const asked = waiting.get(response.id);
    waiting.delete(response.id);
    if (waiting.size === 0) worker.unref();
    if ('error' in response) asked?.reject(new Error(response.error));
    else asked?.resolve(response.result);
  });
  worker.on('error', failAll);
  worker.on('exit', (code) => failAll(new Error(`The FAISS thread ended with ${code}.`)));
  return {
    users: 0,
    ask(request, transfer = []) {
      const id = ++lastId;
      worker.ref();
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...request }, transfer);
      });
    },
    end: () => worker.terminate(),
  };
}
