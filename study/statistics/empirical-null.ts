import { median, quantileSorted } from 'd3';
import { normalCdf, normalQuantile } from './distributions.js';

/** How a statistic is distributed where there is nothing to find, as far as its middle tells. */
export interface EmpiricalNull {
  /** The median, and the standard deviation by the distance from it to the upper quartile. */
  centre: number;
  scale: number;
  /** Standard deviations above the centre. */
  score(value: number): number;
}

/** The upper quartile of the standard normal. */
const QUARTILE = normalQuantile(0.75);
/** Values that are all alike in the middle still have a scale. */
const SMALLEST_SCALE = 1e-6;

/**
 * The null distribution of a statistic from a sample that is mostly null: normal, with the sample's median, and the
 * scale of the distance from there to its upper quartile, so that up to a quarter of the sample may be no null without
 * moving it. Efron (2004), "Large-scale simultaneous hypothesis testing: the choice of a null hypothesis", JASA 99:96–104.
 *
 * @throws RangeError for an empty sample
 */
export function empiricalNull(sample: readonly number[]): EmpiricalNull {
  if (sample.length === 0) throw new RangeError('An empty sample has no distribution.');
  const sorted = [...sample].sort((a, b) => a - b);
  const centre = median(sorted)!;
  const scale = Math.max(SMALLEST_SCALE, (quantileSorted(sorted, 0.75)! - centre) / QUARTILE);
  return { centre, scale, score: (value) => (value - centre) / scale };
}

/** P(Z ≥ score) for the standard normal. */
export function upperTail(score: number): number {
  return normalCdf(-score);
}

/** The score that a share of the null exceeds. */
export function scoreExceededBy(share: number): number {
  return -normalQuantile(share);
}
