import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { parentPort } from 'node:worker_threads';
import {
  DataError,
  type OnProgress,
  openVectorReader,
  UsageError,
  type VectorReader,
} from '../store/index.js';
import type { Points } from './points.js';
import type { WorkerPool, WorkerReply } from './worker-pool.js';

/** Points that a worker can open too where their folder is known. */
interface ReadPoints {
  reader: VectorReader;
  folder?: string;
}

/** A block of queries for a worker, and what it needs to open the points. */
export interface QueryTask<Options, P extends ReadPoints = Points> {
  queries: Float32Array;
  points: (Omit<P, 'reader'> & { folder: string; rows: number })[];
  options: Options;
}

/** Fewer queries than this for each worker are better served by one Gemm on all cores. */
const QUERIES_A_WORKER = 64;
/** Messages cost more than what they tell is worth, more often than this. */
const PROGRESS_MS = 50;

/**
 * Deals many queries to one single-threaded worker a core: what follows the matrix products then runs in parallel too.
 *
 * @param queries `(queries, dims)` row-major
 * @param threads workers at most; by default all cores
 * @returns the results of consecutive blocks of queries, or undefined where there are few queries, or points that are not on
 * disk: those are for the calling thread
 */
export async function dealQueries<Options, Result, P extends ReadPoints>(
  pool: WorkerPool<QueryTask<Options, P>, Result>,
  queries: Float32Array,
  points: readonly P[],
  options: Options & { onProgress?: OnProgress },
  threads: number = cpus().length,
): Promise<Result[] | undefined> {
  const { dims } = points[0]!.reader;
  const count = queries.length / dims;
  const workers = Math.min(threads, Math.floor(count / QUERIES_A_WORKER));
  const stored = storedPoints(points);
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (workers < 2 || !stored || !existsSync(pool.program)) return undefined;
  const { onProgress, ...settings } = options;
  const share = Math.ceil(count / workers);
  return Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const block = queries.slice(worker * share * dims, (worker + 1) * share * dims);
      // All workers go through all points: the first one's progress is that of all.
      const hear = worker === 0 ? onProgress : undefined;
      return pool.run({ queries: block, points: stored, options: settings as Options }, hear);
    }),
  );
}

/** Points as a worker is told of them; undefined where some are not on disk. */
export function storedPoints<P extends ReadPoints>(
  points: readonly P[],
): QueryTask<unknown, P>['points'] | undefined {
  const stored = points.flatMap(({ reader: { rows }, folder, ...rest }) =>
    folder ? [{ ...(rest as Omit<P, 'reader'>), folder, rows }] : [],
  );
  return stored.length === points.length ? stored : undefined;
}

/** Makes a worker thread answer the tasks that are dealt to it. */
export function answerTasks<Options, Result, P extends ReadPoints = Points>(
  work: (
    queries: Float32Array,
    points: P[],
    options: Options & { threads: number; onProgress: OnProgress },
  ) => Promise<Result>,
): void {
  const port = parentPort!;
  const reply = (message: WorkerReply<Result>) => port.postMessage(message);
  port.on('message', async ({ queries, points, options }: QueryTask<Options, P>) => {
    const opened = points.map((one) => {
      // The thread that sent the points has compared the checksums.
      return { ...one, reader: openVectorReader(one.folder, { rows: one.rows }) };
    });
    let heard = 0;
    const onProgress: OnProgress = (progress) => {
      if (performance.now() - heard < PROGRESS_MS) return;
      heard = performance.now();
      reply({ progress });
    };
    try {
      // What was sent is a P without its reader, which the compiler cannot put together again.
      reply({
        result: await work(queries, opened as unknown as P[], { ...options, threads: 1, onProgress }),
      });
    } catch (error) {
      reply(
        error instanceof DataError
          ? { dataError: error.message }
          : error instanceof UsageError
            ? { usageError: error.message }
            : { error },
      );
    } finally {
      for (const { reader } of opened) reader.close();
    }
  });
}
