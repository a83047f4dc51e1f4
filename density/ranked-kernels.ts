import { bisectLeft } from 'd3';
import { EDGES, SQUARE_ERROR } from './distance-bins.js';
import type { DistanceHistogram } from './distance-histograms.js';
import type { Kernel } from './kernels.js';

/** log K, nats, at the edges and in the middle of every bin. */
export interface EdgeLogs {
  log(r: number): number;
  /** At the bin's far edge, the least that a point in it has. */
  least: Float64Array;
  middle: Float64Array;
  /** At its near edge. */
  most: Float64Array;
}

/** A number that lies from `low` to `high`. */
export interface Bounded {
  low: number;
  middle: number;
  high: number;
}

/** Tabulates a kernel that falls with distance. */
export function edgeLogs(kernel: Kernel, bandwidth: number): EdgeLogs {
  const log = (r: number) => kernel.log(r, bandwidth);
  return { log, least: EDGES.high.map(log), middle: EDGES.middle.map(log), most: EDGES.low.map(log) };
}

/**
 * The kernels of a query's points from the nearest point on, as bounds of their running sums.
 *
 * The i-th largest kernel lies between the i-th largest of lower bounds and that of upper bounds. The nearest points have exact
 * kernels, and a bin's points those between its edges; which points are the nearest was told from float32 squares, so that no
 * other one is nearer than the last of them but for two roundings.
 */
export class RankedKernels {
  /** How many points there are up to the end of each group: a nearest point, or a bin. */
  readonly #ranks: Float64Array;
  /** ΣK over them, relative to the nearest point's K. */
  readonly #low: Float64Array;
  readonly #middle: Float64Array;
  readonly #high: Float64Array;

  /** @param histogram with at least one nearest point */
  constructor({ nearest, bins, counts }: DistanceHistogram, logs: EdgeLogs) {
    const groups = nearest.length + bins.length;
    this.#ranks = new Float64Array(groups);
    this.#low = new Float64Array(groups);
    this.#middle = new Float64Array(groups);
    this.#high = new Float64Array(groups);
    const { log, least, most } = logs;
    const reference = log(nearest[0]!);
    const floor = Math.sqrt(Math.max(0, nearest.at(-1)! ** 2 - 2 * SQUARE_ERROR));
    const mostOfOthers = bins.length > 0 ? log(floor) : Number.NEGATIVE_INFINITY;
    let [ranks, low, middle, high] = [0, 0, 0, 0];
    const add = (group: number, count: number, lowest: number, likely: number, highest: number) => {
      this.#ranks[group] = ranks += count;
      this.#low[group] = low += count * Math.exp(lowest - reference);
      this.#middle[group] = middle += count * Math.exp(likely - reference);
      this.#high[group] = high += count * Math.exp(highest - reference);
    };
    nearest.forEach((distance, group) => {
      const exact = log(distance);
      add(group, 1, exact, exact, Math.max(exact, mostOfOthers));
    });
    bins.forEach((bin, i) => {
      const highest = Math.min(most[bin]!, mostOfOthers);
      add(nearest.length + i, counts[i]!, least[bin]!, Math.min(logs.middle[bin]!, highest), highest);
    });
  }

  /** The share of the density that the k nearest points hold. */
  shareOf(k: number): Bounded {
    const [low, middle, high] = [this.#low, this.#middle, this.#high].map((sums) => {
      const inside = sumOfNearest(this.#ranks, sums, k);
      return { inside, outside: sums.at(-1)! - inside };
    });
    return {
      low: low!.inside / (low!.inside + high!.outside),
      middle: middle!.inside / (middle!.inside + middle!.outside),
      high: high!.inside / (high!.inside + low!.outside),
    };
  }

  /** The smallest k whose points hold half of the density. */
  pointsOfHalf(): Bounded {
    // A share is at least ½ where the sum inside is at least the sum outside, each bounded on the side that decides.
    const inside = this.#low.map((sum, group) => (sum + this.#high[group]!) / 2);
    return {
      low: pointsReaching(this.#ranks, inside, this.#low.at(-1)! / 2),
      middle: pointsReaching(this.#ranks, this.#middle, this.#middle.at(-1)! / 2),
      high: pointsReaching(this.#ranks, inside, this.#high.at(-1)! / 2),
    };
  }
}

/** A running sum at rank k; the points of one group have equal parts of it. */
function sumOfNearest(ranks: Float64Array, sums: Float64Array, k: number): number {
  const group = bisectLeft(ranks, k);
  const [rank, sum] = [ranks[group - 1] ?? 0, sums[group - 1] ?? 0];
  return sums[group]! - ((sums[group]! - sum) * (ranks[group]! - k)) / (ranks[group]! - rank);
}

/** The first rank whose running sum reaches a target. */
function pointsReaching(ranks: Float64Array, sums: Float64Array, target: number): number {
  const group = bisectLeft(sums, target);
  const [rank, sum] = [ranks[group - 1] ?? 0, sums[group - 1] ?? 0];
  const part = (target - sum) / (sums[group]! - sum);
  return Math.min(ranks[group]!, rank + Math.max(1, Math.ceil(part * (ranks[group]! - rank))));
}
