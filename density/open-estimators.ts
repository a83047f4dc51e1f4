import { ESTIMATORS, type Estimator, type EstimatorName } from './estimators.js';
import type { Points } from './points.js';
import { openStratified, type Stratified } from './stratified/index.js';

/** Queries of a call from which on it is better dealt to workers, which open the lists themselves. */
const MANY_QUERIES = 128;

/** The estimators of some points, for many small calls: what they open stays open until `close`. */
export interface OpenEstimators {
  estimators: Record<EstimatorName, Estimator>;
  close(): void;
}

/** Opens nothing yet; lists are opened with the first call that goes by them. */
export function openEstimators(points: readonly Points[]): OpenEstimators {
  const { dims } = points[0]!.reader;
  let lists: Stratified | undefined;
  const stratified: Estimator = async (queries, _, options) => {
    if (queries.length / dims >= MANY_QUERIES) return ESTIMATORS.stratified(queries, points, options);
    lists ??= openStratified(points);
    return lists.estimate(queries, options);
  };
  return { estimators: { ...ESTIMATORS, stratified }, close: () => lists?.close() };
}
