import { ascending, sort } from 'd3';
import { leastSquares } from '../statistics/index.js';
import type { Checkpoint } from './checkpoint.js';

/** How the best size grows with compute: N* = 10^intercept · C^slope. */
export interface ComputeOptimal {
  slope: number;
  intercept: number;
  /** 95% (HC3), over the corners of the hull taken as given; NaN for fewer than 4. */
  low: number;
  high: number;
  /** The corners: floating-point operations (6·N·D), parameters, loss. */
  corners: { flops: number; params: number; loss: number; run: string }[];
}

/**
 * The sizes that are best for their compute: the corners of the lower convex hull of loss against compute, both as logarithms (approach 1
 * as in the Gemstones, arXiv 2502.06857), and a line through them. Null for fewer than 3 corners, or where tokens are not known.
 */
export function computeOptimal(checkpoints: readonly Checkpoint[]): ComputeOptimal | null {
  const points = checkpoints.flatMap(({ run, params, tokens, loss }) =>
    tokens === null ? [] : [{ run, params, loss, flops: 6 * params * tokens }],
  );
  const corners = lowerHull(points);
  if (corners.length < 3) return null;
  const x = corners.map(({ flops }) => Math.log10(flops));
  const y = corners.map(({ params }) => Math.log10(params));
  if (new Set(y).size < 2) return null;
  const fit = leastSquares(
    y,
    [{ name: 'log10_flops', values: x }],
    corners.length < 4 ? { errors: 'classical' } : {},
  );
  const [intercept, slope] = fit.coefficients;
  return {
    ...{ slope: slope!.estimate, intercept: intercept!.estimate },
    ...(corners.length < 4 ? { low: Number.NaN, high: Number.NaN } : { low: slope!.low, high: slope!.high }),
    corners,
  };
}

type Point = ComputeOptimal['corners'][number];

/** The corners of the lower hull from the least compute on, as far as the loss falls (Andrew's monotone chain). */
function lowerHull(points: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of sort(points, (a, b) => ascending(a.flops, b.flops) || ascending(a.loss, b.loss))) {
    while (hull.length >= 2 && !turnsUp(hull.at(-2)!, hull.at(-1)!, point)) hull.pop();
    hull.push(point);
  }
  return hull.filter(({ loss }, i) => i === 0 || loss < hull[i - 1]!.loss);
}

function turnsUp(a: Point, b: Point, c: Point): boolean {
  const [x, y] = [(p: Point) => Math.log(p.flops), (p: Point) => Math.log(p.loss)];
  return (x(b) - x(a)) * (y(c) - y(a)) - (y(b) - y(a)) * (x(c) - x(a)) > 0;
}
