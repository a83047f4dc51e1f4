import { ascending, quantileSorted } from 'd3';

/** Where values lie: their median, quartiles, and 5% and 95% quantiles, in their own unit. */
export interface Spread {
  n: number;
  p5: number;
  q1: number;
  median: number;
  q3: number;
  p95: number;
}

/** The quantiles of values by R's type 7 (Hyndman & Fan 1996), or null where there are no values. */
export function describeSpread(values: readonly number[]): Spread | null {
  const sorted = Array.from(values).sort(ascending);
  if (sorted.length === 0) return null;
  const at = (share: number) => quantileSorted(sorted, share)!;
  return { n: sorted.length, p5: at(0.05), q1: at(0.25), median: at(0.5), q3: at(0.75), p95: at(0.95) };
}
