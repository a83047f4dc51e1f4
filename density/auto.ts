import { cpus } from 'node:os';
import { isClustered } from '../store/index.js';
import type { EstimatorName } from './estimators.js';
import { countPoints, type Points } from './points.js';

/** An estimator with the reason it was chosen for, in words. */
export interface ChosenEstimator {
  name: EstimatorName;
  rule: string;
}

/** Exact sums that take less than this, s, are not worth estimating. */
const FEW_SECONDS = 5;
/** What a core is sure to do of the sums' floating-point operations a second. */
const CORE_FLOPS = 5e10;
/** Bytes of vectors that are sure to be read a second, which is what few queries wait for. */
const READ_BYTES = 2e9;

/**
 * The exact estimator where it takes a few seconds, and where there is nothing to draw from; else the stratified one.
 *
 * @param queries how many there are
 */
export function autoEstimator(queries: number, points: readonly Points[]): ChosenEstimator {
  const n = countPoints(points);
  const { dims } = points[0]!.reader;
  const seconds = (2 * queries * n * dims) / (CORE_FLOPS * cpus().length) + (4 * n * dims) / READ_BYTES;
  const work = `${queries.toLocaleString('en')} queries × ${n.toLocaleString('en')} points of ${dims} dims`;
  if (seconds < FEW_SECONDS) {
    return { name: 'exact', rule: `auto: ${work} take a few seconds` };
  }
  const without = points
    .filter(({ folder, documentOfRow }) => {
      return folder === undefined || !isClustered(folder, documentOfRow.length);
    })
    .map(({ corpus }) => corpus);
  const about = `${work} would take about ${Math.round(seconds)} s`;
  if (without.length === points.length) {
    return {
      name: 'exact',
      rule: `auto: ${about}, and no corpus is clustered to be drawn from (densimeter cluster)`,
    };
  }
  const summed = without.length > 0 ? `; ${without.join(', ')}, not clustered, summed whole` : '';
  return { name: 'stratified', rule: `auto: exact, ${about}${summed}` };
}
