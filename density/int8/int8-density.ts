import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { numberDocuments } from '../numbering.js';
import { estimateInParallel } from '../parallel.js';
import type { Points } from '../points.js';
import { dealQueries, type QueryTask } from '../query-workers.js';
import { WorkerPool } from '../worker-pool.js';
import { describe, sourceOfRows } from './attribution.js';
import type { Int8Estimate } from './finish.js';
import { type Int8PassOptions, int8Pass } from './int8-pass.js';
import type { Int8Points } from './int8-points.js';
import { type IntegerForm, integerForm } from './integer-form.js';
import { quantisedFile } from './quantised-file.js';
import { commonScale } from './query-roundings.js';

/** Half the width of an interval, relative to f, above which a query is summed in float32 instead. */
const RELATIVE_ERROR = 0.01;
/** With more sources than this their sums would cost as much as the products themselves; the exact estimator has them at any number. */
const MOST_SOURCES = 256;
/** More neighbours than this may lie in all of a small corpus's blocks, and all of its points would be computed again. */
const MOST_NEIGHBOURS = 128;

type Estimates = (Int8Estimate | undefined)[];
const workers = new WorkerPool<QueryTask<Int8PassOptions, Int8Points>, Estimates>(
  new URL('./int8-worker.js', import.meta.url),
);

/** What to estimate with integers. */
export interface Int8Options extends EstimatorOptions {
  /** How queries are rounded; by default as this machine multiplies exactly. */
  form?: IntegerForm;
}

/**
 * The kernel density of every query over all points, by products of 8-bit integers.
 *
 * Points and queries are rounded stochastically, so that products are right on average and their errors average out over the
 * points; the points that weigh most are computed again from the vectors. What rounding leaves is stated as the standard error.
 * A query whose interval is wider than `relativeError`, by default 1 % of f either way, is left to `exact`, as are all where shares are
 * asked for and there are more than 256 sources, or more than 128 neighbours. Documents are summed over the points that were computed again.
 *
 * Points are rounded once, the same way on any machine, and kept in `quantised.int8` beside their vectors, where their checksum is
 * known. Queries are rounded to the 8 bits, or 7, that this machine multiplies exactly.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 * @throws RangeError for a bandwidth that is not a positive number, or queries of other dims
 */
export async function int8Density(
  queries: Float32Array,
  points: readonly Points[],
  options: Int8Options,
): Promise<DensityEstimate[]> {
  const { kernel, bandwidth, relativeError = RELATIVE_ERROR, seed = 1, onProgress } = options;
  const { dims } = points[0]!.reader;
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new RangeError(`The bandwidth must be a positive number, not ${bandwidth}.`);
  }
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const attributed = options.attribution !== false;
  const numbering = attributed ? numberDocuments(points) : undefined;
  const sources = numbering?.sources.length ?? 0;
  const [neighbours, documents] = attributed ? [options.neighbours ?? 0, options.documents ?? 0] : [0, 0];
  if (sources > MOST_SOURCES || neighbours > MOST_NEIGHBOURS)
    return estimateInParallel('exact', queries, points, options);
  const form = options.form ?? (await integerForm());
  const int8Points = points.map(({ reader, folder, documentOfRow }, corpus) => {
    const rows = documentOfRow.length;
    const { checksum } = reader;
    const quantised =
      folder !== undefined && checksum !== undefined
        ? quantisedFile(folder, { reader, rows, checksum, seed })
        : undefined;
    return {
      ...{ reader, rows },
      ...(quantised !== undefined && { folder, quantised }),
      ...(numbering && { sourceOfRow: sourceOfRows(documentOfRow, corpus, numbering) }),
    };
  });
  const queryScale = commonScale(queries, form);
  const named = documents > 0 ? Number.POSITIVE_INFINITY : neighbours;
  const settings = { kernel, bandwidth, neighbours, named, sources, relativeError, seed, form, queryScale };
  const given = { ...settings, ...(onProgress && { onProgress }) };
  const parts = await dealQueries(workers, queries, int8Points, given);
  const estimates = parts?.flat() ?? (await int8Pass(queries, int8Points, given));
  const described = estimates.map(
    (one) => one && describe(one, points, { numbering, neighbours, documents }),
  );
  return withoutGaps(described, queries, points, {
    kernel,
    bandwidth,
    attribution: attributed,
    neighbours,
    documents,
  });
}

/** Estimates with those of the queries that rounding leaves too uncertain, from the vectors themselves. */
async function withoutGaps(
  estimates: readonly (DensityEstimate | undefined)[],
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions,
): Promise<DensityEstimate[]> {
  const { dims } = points[0]!.reader;
  const unsure = [...estimates.keys()].filter((q) => estimates[q] === undefined);
  const again = new Float32Array(unsure.length * dims);
  unsure.forEach((q, i) => {
    again.set(queries.subarray(q * dims, (q + 1) * dims), i * dims);
  });
  const exact = unsure.length > 0 ? await estimateInParallel('exact', again, points, options) : [];
  return estimates.map((estimate, q) => estimate ?? exact[unsure.indexOf(q)]!);
}
