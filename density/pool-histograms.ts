import { BINS, binOf } from './distance-bins.js';
import type { DistanceHistogram } from './distance-histograms.js';

/**
 * One query's distances to several corpora as one histogram. Of the points whose distances the histograms hold exactly, the
 * `nearest` nearest of all keep them; the others are counted in their bins.
 */
export function poolHistograms(histograms: readonly DistanceHistogram[], nearest: number): DistanceHistogram {
  const exact = Float64Array.from(histograms.flatMap((one) => [...one.nearest])).sort();
  const all = new Int32Array(BINS);
  for (const { bins, counts } of histograms) {
    bins.forEach((bin, i) => {
      all[bin]! += counts[i]!;
    });
  }
  for (const distance of exact.subarray(nearest)) all[binOf(distance)]!++;
  const bins = Int32Array.from(all.keys()).filter((bin) => all[bin]! > 0);
  return { nearest: exact.slice(0, nearest), bins, counts: bins.map((bin) => all[bin]!) };
}
