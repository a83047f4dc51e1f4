import { type DrawnPoint, describeDrawn } from '../describe-drawn.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { DOCUMENT_POINTS } from '../limits.js';
import { numberDocuments } from '../numbering.js';
import type { Points } from '../points.js';
import { estimateAll } from './draw.js';
import type { StrataFields } from './stratum-sums.js';

/** What one worker has drawn for a query. */
export interface PartialDraw {
  near: StrataFields;
  bands: StrataFields;
  rates: readonly number[];
  farRows: number;
  /** The nearest of its points, nearest first. */
  points: DrawnPoint[];
}

/**
 * The estimates of what all workers have drawn.
 *
 * @param drawn of every worker, of every query
 * @param queries `(queries, dims)` row-major unit vectors
 */
export function describeTogether(
  drawn: readonly (readonly PartialDraw[])[],
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
): DensityEstimate[] {
  const { bandwidth, neighbours = 0, documents = 0 } = options;
  const { dims } = points[0]!.reader;
  const attributed = options.attribution !== false;
  const total = points.reduce((sum, { documentOfRow }) => sum + documentOfRow.length, 0);
  const description = {
    ...{ points, bandwidth, neighbours, documents, attributed },
    kernel: kernelNamed(options.kernel),
    numbering: numberDocuments(attributed ? points : []),
  };
  const of = (q: number) => drawn.map((ofWorker) => ofWorker[q]!);
  const sums = drawn[0]!.map(({ rates, farRows }, q) => {
    return { near: of(q).map(({ near }) => near), bands: of(q).map(({ bands }) => bands), rates, farRows };
  });
  return estimateAll(sums, total).map((estimate, q) => {
    const nearest = of(q)
      .flatMap((part) => part.points)
      .sort((a, b) => b.log - a.log)
      .slice(0, Math.max(neighbours, DOCUMENT_POINTS));
    return describeDrawn(queries.subarray(q * dims, (q + 1) * dims), estimate, nearest, description);
  });
}
