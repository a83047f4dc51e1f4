import { select } from 'd3';
import type { Fit } from '../fit.js';
import type { DrawnPoint } from '../points.js';
import type { Scales } from './scales.js';

/** What is drawn over the points. */
export interface Overlay {
  fit: Fit | null;
  selected: DrawnPoint | null;
  active: DrawnPoint | null;
}

/** Draws the fitted line across the densities, and rings with intervals at the active and the selected point. */
export function drawOverlay(svg: SVGSVGElement, { fit, selected, active }: Overlay, { x, y }: Scales): void {
  const overlay = select(svg);
  overlay.selectAll('*').remove();
  if (fit) {
    const [from, to] = lineWithin(fit, x.domain() as [number, number], y.domain() as [number, number]);
    // Drawn twice: a halo keeps the line apart from the points.
    for (let stroke = 0; stroke < 2; stroke++) {
      overlay
        .append('line')
        .attr('class', 'fit')
        .attr('x1', x(from))
        .attr('y1', y(fit.intercept + fit.slope * from))
        .attr('x2', x(to))
        .attr('y2', y(fit.intercept + fit.slope * to));
    }
  }
  for (const [point, name] of [
    [active, 'ring'],
    [selected, 'ring selected'],
  ] as const) {
    if (!point) continue;
    const { low, high, log10Density, loss } = point;
    if (low !== null && high !== null && high > low) {
      const [left, right] = [x(low), x(high)];
      overlay
        .append('line')
        .attr('class', 'interval')
        .attr('x1', left)
        .attr('x2', right)
        .attr('y1', y(loss))
        .attr('y2', y(loss));
    }
    overlay.append('circle').attr('class', name).attr('cx', x(log10Density)).attr('cy', y(loss)).attr('r', 7);
  }
}

/** The part of the density axis over which a line stays inside the chart. */
function lineWithin(
  { slope, intercept }: Fit,
  [left, right]: [number, number],
  [bottom, top]: [number, number],
): [number, number] {
  if (slope === 0) return [left, right];
  const crossings = [(bottom - intercept) / slope, (top - intercept) / slope].sort((a, b) => a - b);
  return [Math.max(left, crossings[0]!), Math.min(right, crossings[1]!)];
}
