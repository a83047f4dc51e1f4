import { group, median } from 'd3';
import type { Point } from '../../client/index.js';

/** A point that has a place in the chart. */
export interface DrawnPoint extends Point {
  log10Density: number;
  loss: number;
}

/** The points that have both a density and a loss. */
export function drawable(points: readonly Point[]): DrawnPoint[] {
  return points.filter((point): point is DrawnPoint => point.log10Density !== null && point.loss !== null);
}

/** What the points of one kind have in the middle. */
export interface KindMedians {
  kind: string;
  queries: number;
  log10Density: number;
  loss: number;
}

/** Medians by kind, in alphabetical order of the kinds. */
export function mediansByKind(points: readonly DrawnPoint[]): KindMedians[] {
  return [...group(points, (point) => point.kind)]
    .map(([kind, own]) => ({
      kind,
      queries: own.length,
      log10Density: median(own, (point) => point.log10Density)!,
      loss: median(own, (point) => point.loss)!,
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}
