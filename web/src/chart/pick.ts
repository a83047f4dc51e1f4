import { Delaunay, sort } from 'd3';
import type { DrawnPoint } from '../points.js';
import type { Scales } from './scales.js';

/** Finds points by place. */
export interface Picker {
  /** The point nearest to a place, within `radius` pixels. */
  near(x: number, y: number, radius: number): DrawnPoint | null;
  /** The point that an arrow, Home or End key leads to; undefined for another key. */
  step(from: DrawnPoint | null, key: string): DrawnPoint | undefined;
}

/** Prepares points to be found: by pointer the nearest one, by keys along density (←→) and loss (↑↓). */
export function pickerOf(points: readonly DrawnPoint[], { x, y }: Scales): Picker {
  const delaunay = Delaunay.from(
    points,
    (point) => x(point.log10Density),
    (point) => y(point.loss),
  );
  const byDensity = sort(points, (point) => point.log10Density);
  const byLoss = sort(points, (point) => point.loss);

  function along(order: DrawnPoint[], from: DrawnPoint | null, by: number): DrawnPoint | undefined {
    const at = from ? order.findIndex(({ id }) => id === from.id) : -1;
    if (at < 0) return order[Math.floor(order.length / 2)];
    return order[Math.min(order.length - 1, Math.max(0, at + by))];
  }

  return {
    near(atX, atY, radius) {
      const point = points[delaunay.find(atX, atY)];
      if (!point) return null;
      const distance = Math.hypot(x(point.log10Density) - atX, y(point.loss) - atY);
      return distance <= radius ? point : null;
    },
    step(from, key) {
      switch (key) {
        case 'ArrowLeft':
          return along(byDensity, from, -1);
        case 'ArrowRight':
          return along(byDensity, from, 1);
        case 'ArrowDown':
          return along(byLoss, from, -1);
        case 'ArrowUp':
          return along(byLoss, from, 1);
        case 'Home':
          return byDensity[0];
        case 'End':
          return byDensity.at(-1);
        default:
          return undefined;
      }
    },
  };
}
