import { randomLcg } from 'd3';
import type { SessionOptions } from '../../onnx/index.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { numberDocuments, startingRows } from '../numbering.js';
import { countPoints, type Points } from '../points.js';
import { openRowKernels } from '../row-kernels.js';
import { StratumSums } from '../stratified/stratum-sums.js';
import { TopList } from '../top-list.js';
import { addSample } from './add-sample.js';
import { describe } from './describe.js';
import { drawRows } from './row-sample.js';
import { checkBudget, LEAST_ROWS, REMEMBERED } from './settings.js';

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
  const budget = checkBudget(options);
  const kernel = kernelNamed(options.kernel);
  const { dims } = points[0]!.reader;
  const n = countPoints(points);
  const attributed = options.attribution !== false;
  const numbering = numberDocuments(points);
  const count = Math.min(n, Math.max(LEAST_ROWS, Math.ceil(budget * n)));
  const sample = drawRows(points, count, randomLcg(Math.imul(seed, 0x9e3779b1) >>> 0));
  const sampled = Array.from({ length: queries.length / dims }, () => ({
    sums: new StratumSums(Float64Array.of(n), Float64Array.of(Number.NEGATIVE_INFINITY), attributed),
    stratum: 0,
    nearest: new TopList(attributed ? Math.max(neighbours, documents > 0 ? REMEMBERED : 0) : 0),
    without: new Set<number>(),
  }));
  const scaled = queries.map((x) => x * kernel.scale(bandwidth));
  const compute = await openRowKernels(kernel, bandwidth, dims, options);
  await addSample(sample, scaled, sampled, compute, { points, numbering, firstRows: startingRows(points) });
  const description = { points, numbering, kernel, bandwidth, neighbours, documents, attributed };
  return sampled.map(({ sums, nearest }, q) =>
    describe(queries.subarray(q * dims, (q + 1) * dims), sums, nearest, count, description),
  );
}
