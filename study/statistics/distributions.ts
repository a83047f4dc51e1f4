import f from '@stdlib/stats-base-dists-f';
import normal from '@stdlib/stats-base-dists-normal';
import t from '@stdlib/stats-base-dists-t';

/** P(|T| ≥ |statistic|) for Student's t, from the lower tail so that tiny values keep their digits. */
export function twoSidedT(statistic: number, degreesOfFreedom: number): number {
  return Math.min(1, 2 * t.cdf(-Math.abs(statistic), degreesOfFreedom));
}

/** The half-width, in standard errors, of the two-sided t interval at a confidence level. */
export function tHalfWidth(level: number, degreesOfFreedom: number): number {
  return t.quantile((1 + level) / 2, degreesOfFreedom);
}

/** The half-width, in standard errors, of the two-sided normal interval at a confidence level. */
export function zHalfWidth(level: number): number {
  return normal.quantile((1 + level) / 2, 0, 1);
}

/** P(F ≥ statistic), as the lower tail of 1/F so that tiny values keep their digits. */
export function upperF(statistic: number, numerator: number, denominator: number): number {
  if (statistic <= 0) return 1;
  return f.cdf(1 / statistic, denominator, numerator);
}

/** P(|Z| ≥ |statistic|) for the standard normal. */
export function twoSidedZ(statistic: number): number {
  return Math.min(1, 2 * normal.cdf(-Math.abs(statistic), 0, 1));
}

/** Φ, the standard normal's distribution function. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** Φ⁻¹. */
export function normalQuantile(share: number): number {
  return normal.quantile(share, 0, 1);
}
