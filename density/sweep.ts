import type { SessionOptions } from '../onnx/index.js';
import { type OnProgress, UsageError } from '../store/index.js';
import { countDistances } from './distance-histograms.js';
import { sumOverHistogram, tabulate } from './histogram-density.js';
import { type KernelName, kernelNamed } from './kernels.js';
import { countPoints, type Points } from './points.js';

/** The kernels and bandwidths to sweep over. */
export interface SweepOptions extends SessionOptions {
  kernels: readonly KernelName[];
  /** h, in units of distance on the unit sphere. */
  bandwidths: readonly number[];
  /** Points nearest to each query whose distances are exact; 16 by default. */
  nearest?: number;
  onProgress?: OnProgress;
}

/** What one corpus gives to every query at one kernel and bandwidth; all arrays have one number a query. */
export interface CorpusDensities {
  corpus: string;
  /** Points in the corpus. */
  points: number;
  /** log f in nats, f = (1/n) Σ K over this corpus alone. */
  logDensity: Float64Array;
  /** log of (1/n) Σ K², nats. */
  logSquares: Float64Array;
  /** log f is off by at most this, nats. */
  errorBound: Float64Array;
}

/** The densities of all corpora at one kernel and bandwidth. */
export interface SweepDensities {
  kernel: KernelName;
  bandwidth: number;
  corpora: CorpusDensities[];
}

/** A query's density from a sweep. */
export interface SweepEstimate {
  /** log f in nats. */
  logDensity: number;
  /** log f is off by at most this, nats; infinite where the bins are too wide for the bandwidth to promise anything. */
  errorBound: number;
  /** Effective number of supporting points, (Σwk)²/Σ(wk)². */
  effectiveSamples: number;
}

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
 * @throws DataError where vectors are not of unit length
 */
export async function sweep(
  queries: Float32Array,
  points: readonly Points[],
  options: SweepOptions,
): Promise<SweepDensities[]> {
  const { kernels, bandwidths, onProgress } = options;
  const { dims } = points[0]!.reader;
  const wrong = bandwidths.find((h) => !(h > 0 && Number.isFinite(h)));
  if (wrong !== undefined) throw new RangeError(`The bandwidth must be a positive number, not ${wrong}.`);
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const count = queries.length / dims;
  const grid = kernels.flatMap((kernel) => bandwidths.map((bandwidth) => ({ kernel, bandwidth })));
  const tables = grid.map(({ kernel, bandwidth }) => tabulate(kernelNamed(kernel), bandwidth));
  const results = grid.map((one): SweepDensities => {
    return { ...one, corpora: points.map((corpus) => emptyDensities(corpus, count)) };
  });
  const progress = progressOver(countPoints(points), onProgress);
  for (const [c, corpus] of points.entries()) {
    const logPoints = Math.log(corpus.documentOfRow.length);
    await countDistances(queries, corpus, { ...options, onTile: progress }, (q, histogram) => {
      tables.forEach((table, g) => {
        const { logSum, logSquares, errorBound } = sumOverHistogram(histogram, table);
        const densities = results[g]!.corpora[c]!;
        densities.logDensity[q] = logSum - logPoints;
        densities.logSquares[q] = logSquares - logPoints;
        densities.errorBound[q] = errorBound;
      });
    });
  }
  return results;
}

/**
 * The density of a weighted mixture of corpora, f = Σ w·f_c / Σ w, from the sweep that measured them one by one: weights 1
 * and 0 leave corpora out, the default, each corpus's number of points, is the density of all points together.
 *
 * @param weights by name of corpus, at least 0; a corpus that is not named has weight 0
 * @returns one estimate a query
 * @throws UsageError for a corpus that the sweep did not measure, or weights that are negative or all 0
 */
export function mixtureDensity(
  { corpora }: SweepDensities,
  weights: Readonly<Record<string, number>> = Object.fromEntries(
    corpora.map(({ corpus, points }) => [corpus, points]),
  ),
): SweepEstimate[] {
  const total = totalWeight(corpora, weights);
  const parts = corpora.map((one) => ({ ...one, share: (weights[one.corpus] ?? 0) / total }));
  const mixed = parts.filter(({ share }) => share > 0);
  return Array.from(mixed[0]!.logDensity, (_, q) => {
    const logDensity = logSumExp(mixed.map((one) => Math.log(one.share) + one.logDensity[q]!));
    // A point of corpus c weighs share/n: Σ(wk)² = share²/n · (1/n)Σk².
    const logSquares = logSumExp(
      mixed.map((one) => 2 * Math.log(one.share) - Math.log(one.points) + one.logSquares[q]!),
    );
    return {
      logDensity,
      errorBound: Math.max(...mixed.map(({ errorBound }) => errorBound[q]!)),
      effectiveSamples: Math.exp(2 * logDensity - logSquares),
    };
  });
}

function totalWeight(corpora: readonly CorpusDensities[], weights: Readonly<Record<string, number>>): number {
  const names = corpora.map(({ corpus }) => corpus);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) {
      throw new UsageError(
        `There is no corpus "${name}" in the sweep to give a weight; there are: ${names.join(', ')}.`,
      );
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new UsageError(`The weight of corpus "${name}" must be a number of at least 0, not ${weight}.`);
    }
  }
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) throw new UsageError('The weights of a mixture must not all be 0.');
  return total;
}

function emptyDensities({ corpus, documentOfRow }: Points, queries: number): CorpusDensities {
  const numbers = () => new Float64Array(queries);
  return {
    corpus,
    points: documentOfRow.length,
    logDensity: numbers(),
    logSquares: numbers(),
    errorBound: numbers(),
  };
}

function logSumExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

/** Counts points as they go by; with many queries they go by more than once. */
function progressOver(total: number, onProgress: OnProgress | undefined): (rows: number) => void {
  let done = 0;
  return (rows) => {
    done = Math.min(total, done + rows);
    onProgress?.({ step: 'sweep', done, total, unit: 'points' });
  };
}
