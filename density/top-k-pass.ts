import type { SessionOptions } from '../onnx/index.js';
import type { OnProgress, TopShare } from '../store/index.js';
import { BLOCK_QUERIES, countDistances, type DistanceHistogram } from './distance-histograms.js';
import { type KernelName, kernelNamed } from './kernels.js';
import { countPoints, type Points } from './points.js';
import { poolHistograms } from './pool-histograms.js';
import { edgeLogs, RankedKernels } from './ranked-kernels.js';

/** What to know the nearest points' shares of the density for. */
export interface TopKOptions extends SessionOptions {
  kernels: readonly KernelName[];
  /** h, in units of distance on the unit sphere. */
  bandwidths: readonly number[];
  /** How many nearest points: from 1 up a number of points, below 1 a share of all points; `TOPS` by default. */
  tops?: readonly number[];
  onProgress?: OnProgress;
}

/** How a query's density is spread over its nearest points. */
export interface Concentration {
  /** In the order of the `tops`. */
  shares: TopShare[];
  /** The smallest number of nearest points that hold half of the density, and between which numbers it lies. */
  half: { k: number; low: number; high: number };
}

/** The concentration of every query's density at one kernel and bandwidth. */
export interface TopShares {
  kernel: KernelName;
  bandwidth: number;
  queries: Concentration[];
}

/** The numbers of nearest points that shares are told for by default. */
export const TOPS: readonly number[] = [1, 10, 100, 0.01, 0.02];
/** Points beside the largest number of `EXACT` that are kept apart: float32 may order the last few of them wrongly. */
const SPARE = 8;
/** Up to so many nearest points are kept apart with their exact distances. */
const EXACT = 100;

/**
 * `topKShares` in this thread.
 *
 * @throws as `topKShares` does
 */
export async function topKSharesHere(
  queries: Float32Array,
  points: readonly Points[],
  options: TopKOptions,
): Promise<TopShares[]> {
  const { kernels, bandwidths, tops = TOPS, onProgress, ...session } = options;
  const { dims } = points[0]!.reader;
  const wrong = bandwidths.find((h) => !(h > 0 && Number.isFinite(h)));
  if (wrong !== undefined) throw new RangeError(`The bandwidth must be a positive number, not ${wrong}.`);
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const n = countPoints(points);
  const wanted = tops.map((top) => ({ top, k: pointsOf(top, n) }));
  const results = kernels.flatMap((kernel) =>
    bandwidths.map((bandwidth): TopShares => ({ kernel, bandwidth, queries: [] })),
  );
  const tables = results.map(({ kernel, bandwidth }) => edgeLogs(kernelNamed(kernel), bandwidth));
  const blockLength = BLOCK_QUERIES * dims;
  const total = n * Math.ceil(queries.length / blockLength);
  let done = 0;
  const onTile = (rows: number) => {
    done += rows;
    onProgress?.({ step: 'nearest points’ shares', done, total, unit: 'points' });
  };
  for (let from = 0; from < queries.length; from += blockLength) {
    const block = queries.subarray(from, from + blockLength);
    await pooledHistograms(block, points, { ...session, onTile }, (histogram) => {
      results.forEach(({ queries: found }, g) => {
        found.push(concentration(new RankedKernels(histogram, tables[g]!), wanted));
      });
    });
  }
  return results;
}

/** How many of n points a top is. */
function pointsOf(top: number, n: number): number {
  if (top > 0 && top < 1) return Math.max(1, Math.round(top * n));
  if (Number.isInteger(top) && top >= 1) return Math.min(top, n);
  throw new RangeError(`Nearest points are a whole number, or a share of all between 0 and 1, not ${top}.`);
}

function concentration(ranked: RankedKernels, wanted: readonly { top: number; k: number }[]): Concentration {
  const { low, middle, high } = ranked.pointsOfHalf();
  const shares = wanted.map(({ top, k }): TopShare => {
    const share = ranked.shareOf(k);
    return { top, k, share: share.middle, low: share.low, high: share.high };
  });
  return { shares, half: { k: middle, low, high } };
}

/** Gives each query's distances to the points of all corpora, in order. */
async function pooledHistograms(
  queries: Float32Array,
  points: readonly Points[],
  options: SessionOptions & { onTile: (rows: number) => void },
  visit: (histogram: DistanceHistogram) => void,
): Promise<void> {
  const nearest = EXACT + SPARE;
  const pooled: DistanceHistogram[] = [];
  for (const [c, corpus] of points.entries()) {
    await countDistances(queries, corpus, { ...options, nearest }, (q, histogram) => {
      const all = c === 0 ? histogram : poolHistograms([pooled[q]!, histogram], nearest);
      if (c === points.length - 1) visit(all);
      else pooled[q] = all;
    });
  }
}
