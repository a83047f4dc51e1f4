import { group, mean } from 'd3';
import { tHalfWidth, twoSidedT } from './distributions.js';
import type { Groups } from './folds.js';

/** A mean with its 95% t interval and p of the test that it is 0. */
export interface ClusteredMean {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}

/**
 * The mean of values of which those of a group vary together, with cluster-robust errors (CR1: as least squares on a
 * constant alone) and t with groups − 1 degrees of freedom.
 *
 * @throws RangeError for fewer than 2 groups
 */
export function clusteredMean(values: readonly number[], groups: Groups): ClusteredMean {
  const members = [...group(values.keys(), (i) => groups[i]!).values()];
  const clusters = members.length;
  if (clusters < 2) throw new RangeError('a mean over groups needs at least 2 of them');
  const estimate = mean(values)!;
  const squares = members.reduce(
    (sum, rows) => sum + rows.reduce((score, i) => score + values[i]! - estimate, 0) ** 2,
    0,
  );
  const standardError = Math.sqrt((clusters / (clusters - 1)) * squares) / values.length;
  const halfWidth = tHalfWidth(0.95, clusters - 1) * standardError;
  const pValue = estimate === 0 ? 1 : twoSidedT(estimate / standardError, clusters - 1);
  return { estimate, standardError, low: estimate - halfWidth, high: estimate + halfWidth, pValue };
}
