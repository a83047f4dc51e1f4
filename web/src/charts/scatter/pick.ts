import { quadtree, sort } from 'd3';
import type { Scales } from './scales.js';

interface Placed {
  id: number;
  x: number;
  y: number;
}

/** Finds points by place. */
export interface Picker<P extends Placed> {
  /** The point nearest to a place on the page, within `radius` pixels. */
  near(at: [number, number], radius: number, scales: Scales): P | null;
  /** The point that an arrow, Home or End key leads to; undefined for another key. */
  step(from: P | null, key: string): P | undefined;
}

/** Prepares points to be found: by pointer the nearest one, by keys along x (←→) and y (↑↓). */
export function pickerOf<P extends Placed>(points: readonly P[], base: Scales): Picker<P> {
  const tree = quadtree<P>()
    .x((point) => base.x(point.x))
    .y((point) => base.y(point.y))
    .addAll(points as P[]);
  const byX = sort(points, ({ x }) => x);
  const byY = sort(points, ({ y }) => y);

  function along(order: P[], from: P | null, by: number): P | undefined {
    const at = from ? order.findIndex(({ id }) => id === from.id) : -1;
    if (at < 0) return order[Math.floor(order.length / 2)];
    return order[Math.min(order.length - 1, Math.max(0, at + by))];
  }

  return {
    near([atX, atY], radius, { x, y }) {
      const place: [number, number] = [base.x(x.invert(atX)), base.y(y.invert(atY))];
      const zoom = (x.range()[1]! - x.range()[0]!) / (x(base.x.domain()[1]!) - x(base.x.domain()[0]!));
      const found = tree.find(...place, radius * zoom);
      return found ?? null;
    },
    step(from, key) {
      switch (key) {
        case 'ArrowLeft':
          return along(byX, from, -1);
        case 'ArrowRight':
          return along(byX, from, 1);
        case 'ArrowDown':
          return along(byY, from, -1);
        case 'ArrowUp':
          return along(byY, from, 1);
        case 'Home':
          return byX[0];
        case 'End':
          return byX.at(-1);
        default:
          return undefined;
      }
    },
  };
}
