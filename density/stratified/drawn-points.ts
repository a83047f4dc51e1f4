import type { DrawnPoint } from '../describe-drawn.js';
import type { Draw } from './draw.js';
import type { Strata } from './strata.js';

/** The nearest points drawn for a query, nearest first; those of the far field stand for points that are not known. */
export function drawnPoints(
  { nearest, isNear }: Pick<Draw, 'nearest' | 'isNear'>,
  { corpusOf }: Strata,
): DrawnPoint[] {
  return nearest.points.map(({ tile, row, log }) => {
    return { corpus: corpusOf[tile]!, row, log, weight: isNear(tile) ? 1 : 0 };
  });
}
