import { bin, extent, mean, range } from 'd3';
import type { CurvePoint } from './checkpoint.js';

const BARS = '▁▂▃▄▅▆▇█';
const CELLS = 12;

/** A loss curve in a line of 12 characters, from its first step to its last; the lowest and highest bar are its own least and most. */
export function lossLine(curve: readonly CurvePoint[]): string {
  if (curve.length < CELLS) return '';
  const cells = bin<CurvePoint, number>()
    .value(({ step }) => step)
    .domain([0, curve.length])
    .thresholds(range(1, CELLS).map((cell) => (cell * curve.length) / CELLS))(curve as CurvePoint[]);
  const means = cells.map((points) => mean(points, ({ loss }) => loss)!);
  const [low, high] = extent(means) as [number, number];
  return means
    .map((loss) => BARS[Math.round(((BARS.length - 1) * (loss - low)) / (high - low || 1))])
    .join('');
}
