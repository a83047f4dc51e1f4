import { ESTIMATORS, type Estimator, type EstimatorName } from './estimators.js';
import { type HeldTiles, holdTiles } from './held-tiles.js';
import { type Numbering, numberDocuments } from './numbering.js';
import type { Points } from './points.js';
import { SharedScan } from './shared-scan.js';
import { openStratified, type Stratified } from './stratified/index.js';

/** Queries of a call from which on it is better dealt to workers, which open the lists themselves. */
const MANY_QUERIES = 128;

/** The estimators of some points, for many small calls: what they open stays open until `close`. */
export interface OpenEstimators {
  estimators: Record<EstimatorName, Estimator>;
  close(): void;
}

/** How estimators are opened. */
export interface OpenEstimatorsOptions {
  /** Small calls for exact densities share one scan, and the vectors are held in memory where there is room. */
  shared?: boolean;
}

/** Opens nothing yet; lists and tiles are opened with the first call that goes by them. */
export function openEstimators(
  points: readonly Points[],
  { shared = false }: OpenEstimatorsOptions = {},
): OpenEstimators {
  const { dims } = points[0]!.reader;
  let lists: Stratified | undefined;
  const stratified: Estimator = async (queries, _, options) => {
    if (queries.length / dims >= MANY_QUERIES) return ESTIMATORS.stratified(queries, points, options);
    lists ??= openStratified(points);
    return lists.estimate(queries, options);
  };
  const exact = shared ? sharedExact(points) : ESTIMATORS.exact;
  return { estimators: { ...ESTIMATORS, exact, stratified }, close: () => lists?.close() };
}

/** Exact densities by scans that calls share, one for every kernel and bandwidth that is being asked for. */
function sharedExact(points: readonly Points[]): Estimator {
  const { dims } = points[0]!.reader;
  const scans = new Map<string, SharedScan>();
  let opened: { numbering: Numbering; tiles: HeldTiles } | undefined;
  return async (queries, _, options) => {
    const { kernel, bandwidth, neighbours = 0, documents = 0, attribution = true } = options;
    // A document's sum is of rows that are met one after another, which a scan that begins in its middle does not do.
    if (!attribution || documents > 0 || queries.length / dims >= MANY_QUERIES) {
      return ESTIMATORS.exact(queries, points, options);
    }
    const numbering = opened?.numbering ?? numberDocuments(points);
    opened ??= { numbering, tiles: holdTiles(points, numbering) };
    for (const [key, scan] of scans) if (scan.isIdle) scans.delete(key);
    const key = `${kernel} ${bandwidth}`;
    const scan = scans.get(key) ?? new SharedScan(points, { kernel, bandwidth, ...opened });
    scans.set(key, scan);
    return scan.estimate(queries, { neighbours });
  };
}
