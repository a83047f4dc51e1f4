import { BINS } from './allocation.js';
import type { Gather } from './gather.js';
import type { Strata } from './strata.js';

/** Points of all tiles by query and bin of their code. */
export interface Histograms {
  /** The smallest code of each query, from which bins are counted. */
  least: Int32Array;
  /** `(queries, BINS)` row-major. */
  points: Float64Array;
}

/**
 * Counts the points of all workers' tiles by their codes.
 *
 * @param codes `(queries, own)` row-major
 * @param sizes points of own tiles
 */
export function countTiles(
  codes: Uint16Array,
  sizes: Int32Array,
  queries: number,
  gather: Gather,
): Histograms {
  const own = sizes.length;
  const ownLeast = Float64Array.from({ length: queries }, (_, q) => {
    let least = 0xffff;
    for (let at = q * own; at < (q + 1) * own; at++) if (codes[at]! < least) least = codes[at]!;
    return least;
  });
  const leasts = gather(ownLeast);
  const least = Int32Array.from(ownLeast, (_, q) => Math.min(...leasts.map((of) => of[q]!)));
  const counts = new Float64Array(queries * BINS);
  for (let q = 0, at = 0; q < queries; q++) {
    const first = q * BINS;
    const from = least[q]!;
    for (let tile = 0; tile < own; tile++, at++) {
      const bin = codes[at]! - from;
      counts[first + (bin < BINS ? bin : BINS - 1)]! += sizes[tile]!;
    }
  }
  return { least, points: sumOf(gather(counts)) };
}

/** Bins of own lists, `(queries, lists)` row-major, and the points of all workers' lists by them, but for tiles of the near field. */
export interface ListBins {
  bins: Uint16Array;
  /** `(queries, BINS)` row-major. */
  points: Float64Array;
}

/** Own lists without points beyond the near field. */
export const NO_BIN = BINS;

/**
 * Counts the points of all workers' lists, but for tiles of the near field, by the mean of what is predicted for these.
 *
 * @param codes `(queries, own)` row-major
 * @param queries which of them
 * @param nearBins of each of these queries
 * @param step nats of a bin
 * @param decay exp(−2·step·bin) of each bin
 * @param onNear is told of every own tile of the near field, as an index into `own`
 */
export function countLists(
  codes: Uint16Array,
  { own, ownSizes, listStarts }: Strata,
  {
    queries,
    nearBins,
    least,
  }: { queries: readonly number[]; nearBins: readonly number[]; least: Int32Array },
  { step, decay, gather }: { step: number; decay: Float64Array; gather: Gather },
  onNear: (query: number, at: number) => void,
): ListBins {
  const lists = listStarts.length - 1;
  const bins = new Uint16Array(queries.length * lists).fill(NO_BIN);
  const counts = new Float64Array(queries.length * BINS);
  for (let i = 0; i < queries.length; i++) {
    const q = queries[i]!;
    const first = q * own.length;
    const from = least[q]!;
    const near = nearBins[i]!;
    let at = 0;
    for (let list = 0; list < lists; list++) {
      let weight = 0;
      let points = 0;
      for (const end = listStarts[list + 1]!; at < end; at++) {
        let bin = codes[first + at]! - from;
        if (bin >= BINS) bin = BINS - 1;
        if (bin < near) {
          onNear(q, at);
          continue;
        }
        points += ownSizes[at]!;
        weight += ownSizes[at]! * decay[bin]!;
      }
      if (points === 0) continue;
      const bin = Math.min(BINS - 1, Math.floor(-Math.log(weight / points) / (2 * step)));
      bins[i * lists + list] = bin;
      counts[i * BINS + bin]! += points;
    }
  }
  return { bins, points: sumOf(gather(counts)) };
}

function sumOf(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0]!.length);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  return sum;
}
