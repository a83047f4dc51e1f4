import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Progress } from '../store/index.js';
import type { DensityEstimate } from './estimate.js';
import type { EstimatorOptions } from './estimators.js';
import type { Points } from './points.js';
import { SERIAL_ESTIMATORS, type SerialName } from './serial-estimators.js';

/** Points on disk: what a worker needs to open them. */
export type StoredPoints = Omit<Points, 'reader'> & { folder: string };

/** A block of queries for a worker to estimate. */
export interface WorkerTask {
  estimator: SerialName;
  queries: Float32Array;
  points: StoredPoints[];
  options: Omit<EstimatorOptions, 'onProgress'>;
}

/** What a worker answers, progress any number of times and then one of the others. */
export type WorkerReply = { progress: Progress } | { estimates: DensityEstimate[] } | { error: unknown };

/** Fewer queries than this for each worker are better served by one Gemm on all cores. */
const QUERIES_A_WORKER = 64;
const WORKER_FILE = new URL('./estimator-worker.js', import.meta.url);

const idle: Worker[] = [];

/**
 * The density of many queries, which are dealt to one single-threaded worker a core: the sums then run in parallel too, not
 * only the matrix products. Few queries, or points that are not on disk, are estimated in this thread.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function estimateInParallel(
  estimator: SerialName,
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
): Promise<DensityEstimate[]> {
  const { dims } = points[0]!.reader;
  const count = queries.length / dims;
  const workers = Math.min(cpus().length, Math.floor(count / QUERIES_A_WORKER));
  const stored = points.flatMap(({ reader: _, folder, ...rest }) => (folder ? [{ ...rest, folder }] : []));
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (workers < 2 || stored.length < points.length || !existsSync(WORKER_FILE)) {
    return SERIAL_ESTIMATORS[estimator](queries, points, options);
  }
  const { onProgress, ...settings } = options;
  const share = Math.ceil(count / workers);
  const parts = await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const block = queries.slice(worker * share * dims, (worker + 1) * share * dims);
      // All workers go through all points: the first one's progress is that of all.
      const hear = worker === 0 ? onProgress : undefined;
      return runInWorker({ estimator, queries: block, points: stored, options: settings }, hear);
    }),
  );
  return parts.flat();
}

async function runInWorker(
  task: WorkerTask,
  onProgress: EstimatorOptions['onProgress'],
): Promise<DensityEstimate[]> {
  const worker = idle.pop() ?? new Worker(WORKER_FILE);
  worker.ref();
  try {
    const estimates = await answerOf(worker, task, onProgress);
    // Kept for the next call, and no reason for the process to stay.
    worker.unref();
    idle.push(worker);
    return estimates;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function answerOf(
  worker: Worker,
  task: WorkerTask,
  onProgress: EstimatorOptions['onProgress'],
): Promise<DensityEstimate[]> {
  return new Promise((resolve, reject) => {
    const hear = (reply: WorkerReply) => {
      if ('progress' in reply) return onProgress?.(reply.progress);
      worker.off('message', hear).off('error', reject);
      if ('estimates' in reply) resolve(reply.estimates);
      else reject(reply.error);
    };
    worker.on('message', hear).on('error', reject);
    worker.postMessage(task);
  });
}
