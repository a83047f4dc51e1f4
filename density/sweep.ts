import type { Points } from './points.js';
import { dealQueries, type QueryTask } from './query-workers.js';
import { type SweepDensities, type SweepOptions, sweepHere } from './sweep-pass.js';
import { WorkerPool } from './worker-pool.js';

/** What a worker is told, beside the queries and the points. */
type SweepTask = Omit<SweepOptions, 'onProgress' | 'threads'>;

const workers = new WorkerPool<QueryTask<SweepTask>, SweepDensities[]>(
  new URL('./sweep-worker.js', import.meta.url),
);

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
  const { threads, ...settings } = options;
  const parts = await dealQueries(workers, queries, points, settings, threads);
  return parts ? joined(parts) : sweepHere(queries, points, options);
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
