import { bisectLeft } from 'd3';
import type { DrawnPoint } from '../describe-drawn.js';
import type { Draw } from './draw.js';
import type { Strata } from './strata.js';

/** The nearest points drawn for a query, nearest first; those of the far field stand for points that are not known. */
export function drawnPoints({ lists, near, nearest }: Draw, { corpusOf }: Strata): DrawnPoint[] {
  return nearest.points.map(({ list, row, log }) => {
    const stratum = bisectLeft(lists, list);
    const weight = lists[stratum] === list ? near.sizes[stratum]! / near.rows[stratum]! : 0;
    return { corpus: corpusOf[list]!, row, log, weight };
  });
}
