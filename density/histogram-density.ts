import { BINS, EDGES } from './distance-bins.js';
import type { DistanceHistogram } from './distance-histograms.js';
import type { Kernel } from './kernels.js';

/** A kernel at one bandwidth, tabulated over the bins. */
export interface KernelTable {
  log(r: number): number;
  /** log K in the middle of each bin, nats. */
  logs: Float64Array;
  /** Its exponentials. */
  kernels: Float64Array;
  /** exp(e) − 1, e the most that log K differs within a bin from its middle. */
  slack: Float64Array;
}

/** Sums of kernels over the points of a histogram. */
export interface HistogramSum {
  /** log ΣK and log ΣK², nats. */
  logSum: number;
  logSquares: number;
  /** |log ΣK − what the distances themselves would give| is at most this, nats. */
  errorBound: number;
}

/** Where the nearest kernel is below this, nats, squares of kernels come near float64's smallest numbers. */
const UNDERFLOW = -300;
/** Points whose kernels are smaller than the nearest one's by this many nats are left out: a billion add less than 1e-10. */
const NEGLIGIBLE = -44;

/** Tabulates a kernel that falls with distance. */
export function tabulate(kernel: Kernel, bandwidth: number): KernelTable {
  const log = (r: number) => kernel.log(r, bandwidth);
  const [logs, slack] = [new Float64Array(BINS), new Float64Array(BINS)];
  for (let bin = 0; bin < BINS; bin++) {
    const middle = log(EDGES.middle[bin]!);
    logs[bin] = middle;
    slack[bin] = Math.expm1(Math.max(log(EDGES.low[bin]!) - middle, middle - log(EDGES.high[bin]!)));
  }
  return { log, logs, slack, kernels: logs.map(Math.exp) };
}

/**
 * The kernel sum over a histogram's points.
 *
 * The nearest points are exact. A bin's points have K between K(high) and K(low) of its edges, since K falls with
 * distance, so that K(middle) is off by a factor of exp(±e) at most. With δ = Σ count·K·(exp(e) − 1) / ΣK, the sum lies within
 * a factor of 1 ± δ of the true one's (1 − exp(−e) ≤ exp(e) − 1), and its log within −log(1 − δ).
 */
export function sumOverHistogram(
  { nearest, bins, counts }: DistanceHistogram,
  { log, logs, kernels, slack }: KernelTable,
): HistogramSum {
  const largest = nearest.length > 0 ? log(nearest[0]!) : logs[bins[0]!]!;
  const tabulated = largest > UNDERFLOW;
  const reference = tabulated ? 0 : largest;
  const end = countAbove(bins, logs, largest + NEGLIGIBLE);
  let [sum, squares, off] = [0, 0, 0];
  for (let i = 0; i < nearest.length; i++) {
    const k = Math.exp(log(nearest[i]!) - reference);
    sum += k;
    squares += k * k;
  }
  let i = 0;
  if (tabulated) {
    // Two sums side by side, so that one addition does not wait for the other.
    let [sum2, squares2, off2] = [0, 0, 0];
    for (; i + 2 <= end; i += 2) {
      const bin = bins[i]!;
      const bin2 = bins[i + 1]!;
      const k = kernels[bin]!;
      const k2 = kernels[bin2]!;
      const part = counts[i]! * k;
      const part2 = counts[i + 1]! * k2;
      sum += part;
      sum2 += part2;
      squares += part * k;
      squares2 += part2 * k2;
      off += part * slack[bin]!;
      off2 += part2 * slack[bin2]!;
    }
    sum += sum2;
    squares += squares2;
    off += off2;
  }
  for (; i < end; i++) {
    const bin = bins[i]!;
    const k = Math.exp(logs[bin]! - reference);
    const part = counts[i]! * k;
    sum += part;
    squares += part * k;
    off += part * slack[bin]!;
  }
  return {
    logSum: reference + Math.log(sum),
    logSquares: 2 * reference + Math.log(squares),
    errorBound: off < sum ? -Math.log1p(-off / sum) : Number.POSITIVE_INFINITY,
  };
}

/** How many of the bins, from the first, have log kernels of at least `least`; log kernels fall from bin to bin. */
function countAbove(bins: Int32Array, logs: Float64Array, least: number): number {
  let [low, high] = [0, bins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (logs[bins[middle]!]! >= least) low = middle + 1;
    else high = middle;
  }
  return low;
}
