import { linearRegression, sampleCorrelation } from 'simple-statistics';
import type { DrawnPoint } from './points.js';

/** The least-squares line of loss (nats a token) on log10 density. */
export interface Fit {
  slope: number;
  intercept: number;
  /** Pearson's correlation. */
  r: number;
  n: number;
}

/** Fits loss on log10 density by ordinary least squares; null for fewer than three points or no spread. */
export function fitLine(points: readonly DrawnPoint[]): Fit | null {
  if (points.length < 3) return null;
  const density = points.map((point) => point.log10Density);
  const loss = points.map((point) => point.loss);
  const r = sampleCorrelation(density, loss);
  if (!Number.isFinite(r)) return null;
  const { m, b } = linearRegression(points.map((point) => [point.log10Density, point.loss]));
  return { slope: m, intercept: b, r, n: points.length };
}
