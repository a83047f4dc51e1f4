import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { limitsOf } from '../limits.js';
import type { Points } from '../points.js';
import { type QueryTask, storedPoints } from '../query-workers.js';
import { WorkerPool } from '../worker-pool.js';
import { BINS } from './allocation.js';
import { describeTogether, type PartialDraw } from './describe-together.js';
import { giveUp, type Shared, shareMemory } from './gather.js';
import { BLOCK_QUERIES, stratifiedDensity } from './stratified.js';

/** What a worker is told, beside the queries and the points. */
export type ShardOptions = Omit<EstimatorOptions, 'onProgress'> & { worker: number; shared: Shared };

const workers = new WorkerPool<QueryTask<ShardOptions>, PartialDraw[]>(
  new URL('./shard-worker.js', import.meta.url),
);

/** Fewer queries than this for each worker are better served by one thread and products on all cores. */
const QUERIES_A_WORKER = 32;

/**
 * The kernel density of every query by stratified sampling, see `stratifiedDensity`. For many queries tiles are dealt to one
 * single-threaded worker a core, so that each tile is read by one of them for all queries that want it.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function stratifiedInShards(
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
): Promise<DensityEstimate[]> {
  limitsOf(options);
  const { dims } = points[0]!.reader;
  const count = Math.min(cpus().length, Math.floor(queries.length / dims / QUERIES_A_WORKER));
  const stored = storedPoints(points);
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (count < 2 || !stored || !existsSync(workers.program))
    return stratifiedDensity(queries, points, options);
  const { onProgress, ...settings } = options;
  const shared = shareMemory(count, Math.min(BLOCK_QUERIES, queries.length / dims) * BINS);
  const drawing = Array.from({ length: count }, (_, worker) => {
    const task = { queries, points: stored, options: { ...settings, worker, shared } };
    // Workers have like shares: the first one's progress is that of all.
    return workers.run(task, worker === 0 ? onProgress : undefined);
  });
  try {
    return describeTogether(await Promise.all(drawing), queries, points, options);
  } catch (error) {
    // The others wait for the one that failed.
    giveUp(shared);
    await Promise.allSettled(drawing);
    throw error;
  }
}
