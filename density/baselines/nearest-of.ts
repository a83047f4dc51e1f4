import type { DrawnPoint } from '../describe-drawn.js';
import { locate } from '../numbering.js';
import type { Points } from '../points.js';
import type { TopList } from '../top-list.js';

/**
 * The points of a list, nearest first.
 *
 * @param list by log kernel; labels are rows counted over all corpora
 * @param weightOf how many points each stands for
 */
export function nearestOf(
  list: TopList,
  points: readonly Points[],
  weightOf: (label: number) => number,
): DrawnPoint[] {
  return Array.from({ length: list.size }, (_, rank) => {
    const label = list.labels[rank]!;
    return { ...locate(label, points), log: list.values[rank]!, weight: weightOf(label) };
  });
}
