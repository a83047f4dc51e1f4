import { BINS, EDGES } from './distance-bins.js';
import type { DistanceHistogram } from './distance-histograms.js';
import type { Kernel } from './kernels.js';

/** A kernel at one bandwidth, tabulated over the bins. */
export interface KernelTable {
  log(r: number): number;
  /** log K in the middle of each bin, nats. */
  logs: Float64Array;
  /** Its exponentials, where none of them underflows. */
  kernels: Float64Array | undefined;
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

/** The squares of smaller exponentials, nats, would come near float64's smallest numbers. */
const UNDERFLOW = -300;
/** Kernels smaller than the nearest point's by this many nats add nothing that float64 could show. */
const NEGLIGIBLE = -60;

/** Tabulates a kernel that falls with distance. */
export function tabulate(kernel: Kernel, bandwidth: number): KernelTable {
  const log = (r: number) => kernel.log(r, bandwidth);
  const [logs, slack] = [new Float64Array(BINS), new Float64Array(BINS)];
  for (let bin = 0; bin < BINS; bin++) {
    const middle = log(EDGES.middle[bin]!);
    logs[bin] = middle;
    slack[bin] = Math.expm1(Math.max(log(EDGES.low[bin]!) - middle, middle - log(EDGES.high[bin]!)));
  }
  return { log, logs, slack, kernels: logs[BINS - 1]! > UNDERFLOW ? logs.map(Math.exp) : undefined };
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
  const reference = kernels ? 0 : nearest.length > 0 ? log(nearest[0]!) : logs[bins[0]!]!;
  let [sum, squares, off] = [0, 0, 0];
  for (let i = 0; i < nearest.length; i++) {
    const k = Math.exp(log(nearest[i]!) - reference);
    sum += k;
    squares += k * k;
  }
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!;
    if (!kernels && logs[bin]! - reference < NEGLIGIBLE) break;
    const k = kernels ? kernels[bin]! : Math.exp(logs[bin]! - reference);
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
