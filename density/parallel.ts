import type { DensityEstimate } from './estimate.js';
import type { EstimatorOptions } from './estimators.js';
import type { Points } from './points.js';
import { dealQueries, type QueryTask } from './query-workers.js';
import { SERIAL_ESTIMATORS, type SerialName } from './serial-estimators.js';
import { WorkerPool } from './worker-pool.js';

/** What a worker is told, beside the queries and the points. */
export type EstimatorTask = Omit<EstimatorOptions, 'onProgress'> & { estimator: SerialName };

const workers = new WorkerPool<QueryTask<EstimatorTask>, DensityEstimate[]>(
  new URL('./estimator-worker.js', import.meta.url),
);

/**
 * The density of queries by an estimator that runs in one thread; many queries are dealt to one worker a core.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function estimateInParallel(
  estimator: SerialName,
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
): Promise<DensityEstimate[]> {
  const parts = await dealQueries(workers, queries, points, { ...options, estimator });
  return parts?.flat() ?? SERIAL_ESTIMATORS[estimator](queries, points, options);
}
