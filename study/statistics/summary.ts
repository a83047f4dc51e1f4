import { deviation, fsum, max, min, quantile } from 'd3';
import { requireFinite, type Values } from './checks.js';

/** A variable in eight numbers, in its own units. */
export interface Summary {
  n: number;
  mean: number;
  /** With n − 1; null for one value. */
  sd: number | null;
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
}

/**
 * Describes values (n) by mean, standard deviation, range and quartiles of R's type 7 (Hyndman & Fan 1996).
 * Throws RangeError for no values or one that is not finite.
 */
export function describe(values: Values): Summary {
  requireFinite('values', values);
  const n = values.length;
  if (n === 0) throw new RangeError('there are no values to describe');
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => quantile(sorted, share)!;
  return {
    n,
    mean: fsum(sorted) / n,
    sd: deviation(sorted) ?? null,
    min: min(sorted)!,
    q1: at(0.25),
    median: at(0.5),
    q3: at(0.75),
    max: max(sorted)!,
  };
}
