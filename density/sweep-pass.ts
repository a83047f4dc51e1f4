import type { SessionOptions } from '../onnx/index.js';
import { type OnProgress, UsageError } from '../store/index.js';
import { BLOCK_QUERIES, countDistances } from './distance-histograms.js';
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

/**
 * `sweep` in this thread.
 *
 * @throws as `sweep` does
 */
export async function sweepHere(
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
  const names = points.map(({ corpus }) => corpus);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`Corpus "${twice}" is given twice: name each corpus once.`);
  const count = queries.length / dims;
  const grid = kernels.flatMap((kernel) => bandwidths.map((bandwidth) => ({ kernel, bandwidth })));
  const tables = grid.map(({ kernel, bandwidth }) => tabulate(kernelNamed(kernel), bandwidth));
  const results = grid.map((one): SweepDensities => {
    return { ...one, corpora: points.map((corpus) => emptyDensities(corpus, count)) };
  });
  const progress = progressOver(
    countPoints(points) * Math.max(1, Math.ceil(count / BLOCK_QUERIES)),
    onProgress,
  );
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

/** Counts points as they go by, once for each block of queries. */
function progressOver(total: number, onProgress: OnProgress | undefined): (rows: number) => void {
  let done = 0;
  return (rows) => {
    done += rows;
    onProgress?.({ step: 'sweep', done, total, unit: 'points' });
  };
}
