import type { Database } from 'better-sqlite3';
import { group } from 'd3';

/** The density of one query, with its confidence interval and what it rests on. */
export interface Density {
  queryId: number;
  log10Density: number;
  log10Low: number;
  log10High: number;
  /** (Σk)²/Σk²: how many equally near points would give as concentrated a sum. */
  effectiveSamples: number;
  /** Share of the training points that were looked at. */
  touched: number;
}

/** The part of a query's density that one corpus, source or document holds. */
export interface Share {
  level: 'corpus' | 'source' | 'document';
  corpus: string;
  label: string;
  share: number;
  /** Standard error of the share; 0 where it is exact. */
  standardError: number;
}

/** A near training point of a query: its row, its distance ‖q − x‖ and its share of the density. */
export interface Neighbour {
  corpusId: number;
  row: number;
  distance: number;
  share: number;
}

/** A query's density at another bandwidth than the measurement's. */
export interface BandwidthDensity {
  bandwidth: number;
  log10Density: number;
  /** log10 f is off by at most this; infinite where nothing can be promised. */
  errorBound: number;
}

/**
 * What other measures than a kernel density say of a query's place among the training points: `nearest distance` ‖q − x₁‖, and
 * `knn log10 density`, that of k points in a ball that reaches to the k-th.
 */
export type DensityControl = 'nearest distance' | 'knn log10 density';

/** Everything measured for one query. */
export interface MeasuredQuery extends Density {
  shares: readonly Share[];
  neighbours: readonly Neighbour[];
  /** At other bandwidths, smallest first. */
  curve: readonly BandwidthDensity[];
  controls: Readonly<Partial<Record<DensityControl, number>>>;
}

/** The densities of a measurement by query id. */
export function densitiesOf(db: Database, measurementId: number): Map<number, Density> {
  const rows = db
    .prepare<[number], Density>(
      `SELECT query_id AS queryId, log10_density AS log10Density, log10_low AS log10Low, log10_high AS log10High,
         effective_samples AS effectiveSamples, touched FROM densities WHERE measurement_id = ?`,
    )
    .all(measurementId);
  return new Map(rows.map((row) => [row.queryId, row]));
}

/** The shares of one query's density at one measurement, largest first. */
export function sharesOf(db: Database, measurementId: number, queryId: number): Share[] {
  return db
    .prepare<[number, number], Share>(
      `SELECT level, corpus, label, share, share_error AS standardError FROM shares
       WHERE measurement_id = ? AND query_id = ? ORDER BY level, share DESC`,
    )
    .all(measurementId, queryId);
}

/** The nearest training points of one query at one measurement, nearest first. */
export function neighboursOf(db: Database, measurementId: number, queryId: number): Neighbour[] {
  return db
    .prepare<[number, number], Neighbour>(
      `SELECT corpus_id AS corpusId, row, distance, share FROM neighbours
       WHERE measurement_id = ? AND query_id = ? ORDER BY rank`,
    )
    .all(measurementId, queryId);
}

/** One query's density at other bandwidths than the measurement's, smallest first: empty where it was not swept. */
export function bandwidthDensitiesOf(
  db: Database,
  measurementId: number,
  queryId: number,
): BandwidthDensity[] {
  return db
    .prepare<[number, number], BandwidthDensity>(
      `SELECT bandwidth, log10_density AS log10Density, error_bound AS errorBound FROM bandwidth_densities
       WHERE measurement_id = ? AND query_id = ? ORDER BY bandwidth`,
    )
    .all(measurementId, queryId);
}

/** The densities of a measurement at its other bandwidths: bandwidth → query id → log10 density, those that nothing is promised of left out. */
export function sweptDensitiesOf(db: Database, measurementId: number): Map<number, Map<number, number>> {
  const rows = db
    .prepare<[number], { queryId: number; bandwidth: number; log10Density: number; errorBound: number }>(
      `SELECT query_id AS queryId, bandwidth, log10_density AS log10Density, error_bound AS errorBound
       FROM bandwidth_densities WHERE measurement_id = ? ORDER BY bandwidth`,
    )
    .all(measurementId);
  const swept = new Map<number, Map<number, number>>();
  for (const { queryId, bandwidth, log10Density, errorBound } of rows) {
    const densities = swept.get(bandwidth) ?? new Map<number, number>();
    if (Number.isFinite(errorBound)) densities.set(queryId, log10Density);
    swept.set(bandwidth, densities);
  }
  return swept;
}

/** The comparison measures of a measurement: for every control its value by query id. */
export function densityControlsOf(
  db: Database,
  measurementId: number,
): Map<DensityControl, Map<number, number>> {
  const rows = db
    .prepare<[number], { name: DensityControl; queryId: number; value: number }>(
      `SELECT name, query_id AS queryId, value FROM density_controls WHERE measurement_id = ?`,
    )
    .all(measurementId);
  return new Map(
    Array.from(
      group(rows, ({ name }) => name),
      ([name, values]) => [name, new Map(values.map(({ queryId, value }) => [queryId, value]))],
    ),
  );
}

/** The comparison measures of one query at one measurement. */
export function densityControlsOfQuery(
  db: Database,
  measurementId: number,
  queryId: number,
): MeasuredQuery['controls'] {
  const rows = db
    .prepare<[number, number], { name: DensityControl; value: number }>(
      `SELECT name, value FROM density_controls WHERE measurement_id = ? AND query_id = ?`,
    )
    .all(measurementId, queryId);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** All shares of one level at a measurement, query after query, each query's largest first. */
export function sharesAtLevel(
  db: Database,
  measurementId: number,
  level: Share['level'],
): IterableIterator<Omit<Share, 'level'> & { queryId: number }> {
  return db
    .prepare<[number, string], Omit<Share, 'level'> & { queryId: number }>(
      `SELECT query_id AS queryId, corpus, label, share FROM shares
       WHERE measurement_id = ? AND level = ? ORDER BY query_id, share DESC`,
    )
    .iterate(measurementId, level);
}

/** The distance of the nearest training point by query id, of the queries of a measurement that kept one. */
export function nearestDistances(db: Database, measurementId: number): Map<number, number> {
  const rows = db
    .prepare<[number], { queryId: number; distance: number }>(
      'SELECT query_id AS queryId, distance FROM neighbours WHERE measurement_id = ? AND rank = 0 ORDER BY query_id',
    )
    .all(measurementId);
  return new Map(rows.map(({ queryId, distance }) => [queryId, distance]));
}

/** How many of the nearest points that a measurement kept are within a distance, by query id, of the queries that kept any. */
export function neighboursWithin(db: Database, measurementId: number, distance: number): Map<number, number> {
  const rows = db
    .prepare<[number, number], { queryId: number; count: number }>(
      `SELECT query_id AS queryId, sum(distance <= ?) AS count FROM neighbours
       WHERE measurement_id = ? GROUP BY query_id ORDER BY query_id`,
    )
    .all(distance, measurementId);
  return new Map(rows.map(({ queryId, count }) => [queryId, count]));
}
