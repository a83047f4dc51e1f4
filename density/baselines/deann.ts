import type { SessionOptions } from '../../onnx/index.js';
import { describeDrawn } from '../describe-drawn.js';
import type { DensityEstimate } from '../estimate.js';
import type { EstimatorOptions } from '../estimators.js';
import { kernelNamed } from '../kernels.js';
import { LEAST_ROWS, limitsOf } from '../limits.js';
import { numberDocuments, startingRows } from '../numbering.js';
import { countPoints, type Points } from '../points.js';
import { openRowKernels } from '../row-kernels.js';
import { seededUniform } from '../seeded.js';
import { finish } from '../stratified/finish.js';
import { addNearField } from '../stratified/near-field.js';
import { NearestPoints } from '../stratified/nearest-points.js';
import { openPrediction } from '../stratified/prediction.js';
import { openStrata, type Strata } from '../stratified/strata.js';
import { StratumSums } from '../stratified/stratum-sums.js';
import { openTileSums } from '../stratified/tile-sums.js';
import { TopList } from '../top-list.js';
import { addSample } from './add-sample.js';
import { nearestOf } from './nearest-of.js';
import { drawRows } from './row-sample.js';

/** The part of the budget that goes into the search for neighbours; the rest is drawn. */
const SEARCH = 0.5;
/** One in so many of the points searched is kept as a neighbour. */
const SEARCHED_A_NEIGHBOUR = 10;

/**
 * DEANN (Karppa, Aumüller and Pagh, AISTATS 2022, equation 2): Z = Z₁·k/n + Z₂·(n − k)/n, the mean kernel of k approximate
 * nearest neighbours and that of a random sample of the rest, which all queries share. Neighbours are searched in the tiles of lists
 * that are nearest to the query until these have half of the budget; k is a tenth of the points searched. Unbiased given the
 * neighbours; `relativeError` is not looked at. At least one tile is searched and 512 points are looked at, whatever the budget;
 * at most k neighbours are named.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws UsageError where no corpus is clustered
 * @throws RangeError for a bandwidth or budget that cannot be
 */
export async function deannDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
): Promise<DensityEstimate[]> {
  const { bandwidth, neighbours = 0, documents = 0, seed = 1, onProgress } = options;
  const { budget } = limitsOf(options);
  const kernel = kernelNamed(options.kernel);
  const n = countPoints(points);
  const rows = Math.max(LEAST_ROWS, budget * n);
  const drawn = Math.min(n, Math.ceil((1 - SEARCH) * rows));
  const k = Math.max(1, Math.floor((SEARCH * rows) / SEARCHED_A_NEIGHBOUR));
  const attributed = options.attribution !== false;
  const numbering = numberDocuments(points);
  const firstRows = startingRows(points);
  const sourceOf = (corpus: number, row: number) =>
    numbering.sourceOfDocument[numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!]!;
  const strata = openStrata(points);
  const { dims } = strata;
  const scaled = queries.map((x) => x * kernel.scale(bandwidth));
  const compute = await openRowKernels(kernel, bandwidth, dims, options);
  try {
    const nearest = Array.from({ length: queries.length / dims }, () => new NearestPoints(k));
    const searched = await search(nearest);
    const sampled = nearest.map(neighboursOf);
    await addSample(drawRows(points, drawn, seededUniform(seed)), scaled, sampled, compute, {
      points,
      numbering,
      firstRows,
    });
    const description = { points, numbering, kernel, bandwidth, neighbours, documents, attributed };
    return sampled.map(({ sums, nearest: found, without }, q) => {
      const query = queries.subarray(q * dims, (q + 1) * dims);
      const looked = Math.min(n, searched[q]! + drawn);
      const rest = sums.sizes[1]! / sums.rows[1]!;
      const near = nearestOf(found, points, (label) => (without.has(label) ? 1 : rest));
      return describeDrawn(query, finish([sums], looked, n), near, description);
    });
  } finally {
    strata.close();
  }

  /** Goes through the tiles nearest to each query; gives how many points that were. */
  async function search(nearest: readonly NearestPoints[]): Promise<number[]> {
    const { predict } = await openPrediction(strata, options);
    const codes = await predict(queries);
    const { own, whole } = strata;
    const wanted = nearest.map((_, query) => {
      const near = nearestTiles(
        codes.subarray(query * own.length, (query + 1) * own.length),
        strata,
        SEARCH * rows,
      );
      return [...whole, ...near];
    });
    // What is summed on the way is of all points searched, and not needed.
    const sums = wanted.map(() => new StratumSums(new Float64Array(1), new Float64Array(1), false));
    const sumTiles = await openTileSums(kernel, bandwidth, dims, true, options);
    const pairs = {
      blocks: Int32Array.from(wanted.flat()),
      queries: Int32Array.from(wanted.flatMap((tiles, query) => tiles.map(() => query))),
    };
    const onBlocks = (done: number, total: number) =>
      onProgress?.({ step: `${options.kernel} density, neighbours`, done, total, unit: 'tiles' });
    await addNearField({ strata, scaled, sumTiles, sums, nearest, sourceOf: undefined, onBlocks }, pairs);
    return sums.map((sum) => sum.rows[0]!);
  }

  /** The k neighbours as one stratum that is summed whole, beside one for the rest. */
  function neighboursOf(nearest: NearestPoints) {
    const found = nearest.points;
    const sizes = Float64Array.of(found.length, n - found.length);
    const sums = new StratumSums(sizes, new Float64Array(2).fill(Number.NEGATIVE_INFINITY), attributed);
    const list = new TopList(k);
    const without = new Set<number>();
    for (const { tile, row, log } of found) {
      const corpus = strata.corpusOf[tile]!;
      const label = firstRows[corpus]! + row;
      list.offer(log, label);
      without.add(label);
      const sources = attributed ? new Map([[sourceOf(corpus, row), { total: 1, squares: 1 }]]) : undefined;
      sums.add(0, 1, log, 1, 1, sources);
    }
    return { sums, stratum: 1, nearest: list, without };
  }
}

/** The own tiles of the largest predictions, until they have so many rows; at least one. */
function nearestTiles(codes: Uint16Array, { own, sizes }: Strata, rows: number): number[] {
  const ordered = Array.from(codes.keys()).sort((a, b) => codes[a]! - codes[b]!);
  const wanted: number[] = [];
  let found = 0;
  for (const at of ordered) {
    const tile = own[at]!;
    if (wanted.length > 0 && found + sizes[tile]! > rows) break;
    wanted.push(tile);
    found += sizes[tile]!;
  }
  return wanted;
}
