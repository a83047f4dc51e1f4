import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DataError } from '../store/index.js';
import type { Points } from './points.js';
import { type SweepDensities, type SweepOptions, sweepHere } from './sweep-pass.js';
import type { SweepReply, SweepTask } from './sweep-worker.js';

/** Fewer queries than this for each worker are better served by one Gemm on all cores. */
const QUERIES_A_WORKER = 64;
const WORKER_FILE = new URL('./sweep-worker.js', import.meta.url);

const idle: Worker[] = [];

/**
 * The densities of every corpus at every query for a grid of kernels and bandwidths, from one pass over the data:
 * distances are computed once and counted in bins 1/2,048 of r² wide, and each density is a sum over bins. The nearest
 * points count with their exact distances, and every density comes with a bound of its error.
 *
 * Memory does not grow with the number of points, and with the number of queries only by the results.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one element for every kernel and bandwidth, kernels outermost; `mixtureDensity` makes estimates of one
 * @throws RangeError for a bandwidth that is not a positive number, or queries of other dims
 * @throws UsageError for a corpus that is given twice
 * @throws DataError where vectors are not of unit length
 */
export async function sweep(
  queries: Float32Array,
  points: readonly Points[],
  options: SweepOptions,
): Promise<SweepDensities[]> {
  const { dims } = points[0]!.reader;
  const count = queries.length / dims;
  const { onProgress, threads = cpus().length, ...settings } = options;
  const workers = Math.min(threads, Math.floor(count / QUERIES_A_WORKER));
  const stored = points.flatMap(({ reader: _, folder, ...rest }) => (folder ? [{ ...rest, folder }] : []));
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (workers < 2 || stored.length < points.length || !existsSync(WORKER_FILE)) {
    return sweepHere(queries, points, options);
  }
  const share = Math.ceil(count / workers);
  const parts = await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const block = queries.slice(worker * share * dims, (worker + 1) * share * dims);
      // All workers go through all points: the first one's progress is that of all.
      const hear = worker === 0 ? onProgress : undefined;
      return sweepInWorker({ queries: block, points: stored, options: settings }, hear);
    }),
  );
  return joined(parts);
}

/** The results of consecutive blocks of queries as one. */
function joined(parts: readonly SweepDensities[][]): SweepDensities[] {
  return parts[0]!.map(({ kernel, bandwidth, corpora }, g) => ({
    kernel,
    bandwidth,
    corpora: corpora.map(({ corpus, points }, c) => {
      const all = (name: 'logDensity' | 'logSquares' | 'errorBound') =>
        Float64Array.from(parts.flatMap((part) => [...part[g]!.corpora[c]![name]]));
      return {
        corpus,
        points,
        logDensity: all('logDensity'),
        logSquares: all('logSquares'),
        errorBound: all('errorBound'),
      };
    }),
  }));
}

async function sweepInWorker(
  task: SweepTask,
  onProgress: SweepOptions['onProgress'],
): Promise<SweepDensities[]> {
  const worker = idle.pop() ?? new Worker(WORKER_FILE);
  worker.ref();
  try {
    const densities = await new Promise<SweepDensities[]>((resolve, reject) => {
      const hear = (reply: SweepReply) => {
        if ('progress' in reply) return onProgress?.(reply.progress);
        worker.off('message', hear).off('error', reject);
        if ('densities' in reply) resolve(reply.densities);
        else reject('dataError' in reply ? new DataError(reply.dataError) : reply.error);
      };
      worker.on('message', hear).on('error', reject);
      worker.postMessage(task);
    });
    // Kept for the next call, and no reason for the process to stay.
    worker.unref();
    idle.push(worker);
    return densities;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
