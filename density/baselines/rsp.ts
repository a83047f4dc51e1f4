import type { SessionOptions } from '../../onnx/index.js';
import { describeDrawn } from '../describe-drawn.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { DOCUMENT_POINTS, LEAST_ROWS, limitsOf } from '../limits.js';
import { numberDocuments, startingRows } from '../numbering.js';
import { countPoints, type Points } from '../points.js';
import { openRowKernels } from '../row-kernels.js';
import { seededUniform } from '../seeded.js';
import { finish } from '../stratified/finish.js';
import { StratumSums } from '../stratified/stratum-sums.js';
import { TopList } from '../top-list.js';
import { addSample } from './add-sample.js';
import { nearestOf } from './nearest-of.js';
import { drawRows } from './row-sample.js';

/**
 * Permuted random sampling (Karppa, Aumüller and Pagh 2022, section 4.2): the mean kernel of a simple random sample of
 * `budget` of the points, which all queries of a call share. Unbiased; `relativeError` is not looked at.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws RangeError for a bandwidth or budget that cannot be
 */
export async function rspDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
): Promise<DensityEstimate[]> {
  const { bandwidth, neighbours = 0, documents = 0, seed = 1 } = options;
  const { budget } = limitsOf(options);
  const kernel = kernelNamed(options.kernel);
  const { dims } = points[0]!.reader;
  const n = countPoints(points);
  const attributed = options.attribution !== false;
  const numbering = numberDocuments(points);
  const count = Math.min(n, Math.max(LEAST_ROWS, Math.ceil(budget * n)));
  const sample = drawRows(points, count, seededUniform(seed));
  const sampled = Array.from({ length: queries.length / dims }, () => ({
    sums: new StratumSums(Float64Array.of(n), Float64Array.of(Number.NEGATIVE_INFINITY), attributed),
    stratum: 0,
    nearest: new TopList(attributed ? Math.max(neighbours, documents > 0 ? DOCUMENT_POINTS : 0) : 0),
    without: new Set<number>(),
  }));
  const scaled = queries.map((x) => x * kernel.scale(bandwidth));
  const compute = await openRowKernels(kernel, bandwidth, dims, options);
  await addSample(sample, scaled, sampled, compute, { points, numbering, firstRows: startingRows(points) });
  const description = { points, numbering, kernel, bandwidth, neighbours, documents, attributed };
  return sampled.map(({ sums, nearest }, q) => {
    const query = queries.subarray(q * dims, (q + 1) * dims);
    const near = nearestOf(nearest, points, () => n / count);
    return describeDrawn(query, finish([sums], count, n), near, description);
  });
}
