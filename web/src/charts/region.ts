import { polygonContains } from 'd3';
import type { Region } from '../app/state.js';

/** What tells whether a point lies in a region. */
export function within(region: Region): (point: { x: number; y: number }) => boolean {
  if (region.shape === 'lasso') {
    const { corners } = region;
    return ({ x, y }) => polygonContains(corners, [x, y]);
  }
  const [[x0, x1], [y0, y1]] = [region.x, region.y];
  return ({ x, y }) => x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/** The box between two corners. */
export function boxOf(a: [number, number], b: [number, number]): Region {
  return {
    shape: 'box',
    x: [Math.min(a[0], b[0]), Math.max(a[0], b[0])],
    y: [Math.min(a[1], b[1]), Math.max(a[1], b[1])],
  };
}
