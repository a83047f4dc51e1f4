import { mean, median, sort, sum } from 'd3';
import { linearRegression, sampleCorrelation } from 'simple-statistics';

/** The least-squares line of an outcome on log10 density. */
export interface LineFit {
  slope: number;
  intercept: number;
  /** Pearson's correlation. */
  r: number;
  n: number;
  /** Mean and spread of x, and the residuals' standard deviation, by which the line's band is drawn. */
  meanX: number;
  squaresX: number;
  residual: number;
}

/** Fits y on x by ordinary least squares; null for fewer than three points or no spread. */
export function fitLine(points: readonly { x: number; y: number }[]): LineFit | null {
  if (points.length < 3) return null;
  const r = sampleCorrelation(
    points.map(({ x }) => x),
    points.map(({ y }) => y),
  );
  if (!Number.isFinite(r)) return null;
  const { m, b } = linearRegression(points.map(({ x, y }) => [x, y]));
  const n = points.length;
  const meanX = mean(points, ({ x }) => x)!;
  const squaresX = sum(points, ({ x }) => (x - meanX) ** 2);
  const squares = sum(points, ({ x, y }) => (y - b - m * x) ** 2);
  return { slope: m, intercept: b, r, n, meanX, squaresX, residual: Math.sqrt(squares / Math.max(1, n - 2)) };
}

/** Standard normal, 97.5 %. */
const Z = 1.96;

/** Half the width of the 95 % band of the line at x: z·s·√(1/n + (x − x̄)²/Σ(x − x̄)²), errors taken as equal and independent. */
export function bandAt({ n, meanX, squaresX, residual }: LineFit, x: number): number {
  return Z * residual * Math.sqrt(1 / n + (x - meanX) ** 2 / squaresX);
}

/** Points of a running median: the middle y of equally many points each, along x. */
export function runningMedian(
  points: readonly { x: number; y: number }[],
  bins: number,
): { x: number; y: number }[] {
  const ordered = sort(points, ({ x }) => x);
  const size = Math.max(10, Math.ceil(ordered.length / bins));
  const found: { x: number; y: number }[] = [];
  for (let from = 0; from < ordered.length; from += size) {
    const own = ordered.slice(from, from + size);
    if (own.length < size / 2 && found.length > 0) break;
    found.push({ x: median(own, ({ x }) => x)!, y: median(own, ({ y }) => y)! });
  }
  return found;
}
