import type { Database } from 'better-sqlite3';

/** The settings under which the densities of a query set were estimated. */
export interface Measurement {
  id: number;
  name: string;
  querySetId: number;
  corpora: string[];
  kernel: string;
  bandwidth: number;
  /** How the bandwidth was chosen, in words. */
  bandwidthRule: string;
  estimator: string;
  /** Training points behind every density, n. */
  points: number;
}

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
}

/** A near training point of a query: its row, its distance ‖q − x‖ and its share of the density. */
export interface Neighbour {
  corpusId: number;
  row: number;
  distance: number;
  share: number;
}

/** Everything measured for one query. */
export interface MeasuredQuery extends Density {
  shares: readonly Share[];
  neighbours: readonly Neighbour[];
}

/** Replaces a measurement and all that belongs to it in one transaction. */
export function replaceMeasurement(
  db: Database,
  measurement: Omit<Measurement, 'id'>,
  measured: readonly MeasuredQuery[],
): Measurement {
  const density = db.prepare(
    `INSERT INTO densities VALUES (@id, @queryId, @log10Density, @log10Low, @log10High, @effectiveSamples, @touched)`,
  );
  const share = db.prepare('INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?)');
  const neighbour = db.prepare('INSERT INTO neighbours VALUES (?, ?, ?, ?, ?, ?, ?)');
  return db.transaction(() => {
    // The id stays, so that links to a measurement outlive its being measured again.
    const before = measurementNamed(db, measurement.name, measurement.kernel, measurement.querySetId);
    if (before) db.prepare('DELETE FROM measurements WHERE id = ?').run(before.id);
    const { lastInsertRowid } = db
      .prepare(
        `INSERT INTO measurements
           (id, name, query_set_id, corpora, kernel, bandwidth, bandwidth_rule, estimator, points)
         VALUES (@id, @name, @querySetId, @corpora, @kernel, @bandwidth, @bandwidthRule, @estimator, @points)`,
      )
      .run({ ...measurement, id: before?.id ?? null, corpora: JSON.stringify(measurement.corpora) });
    const id = Number(lastInsertRowid);
    for (const { shares, neighbours, ...row } of measured) {
      density.run({ ...row, id });
      for (const { level, corpus, label, share: part } of shares) {
        share.run(id, row.queryId, level, corpus, label, part);
      }
      neighbours.forEach((near, rank) => {
        neighbour.run(id, row.queryId, rank, near.corpusId, near.row, near.distance, near.share);
      });
    }
    return { ...measurement, id };
  })();
}

/** All measurements, oldest first. */
export function listMeasurements(db: Database): Measurement[] {
  return db
    .prepare<[], Omit<Measurement, 'corpora'> & { corpora: string }>(
      `SELECT id, name, query_set_id AS querySetId, corpora, kernel, bandwidth,
         bandwidth_rule AS bandwidthRule, estimator, points FROM measurements ORDER BY id`,
    )
    .all()
    .map((row) => ({ ...row, corpora: JSON.parse(row.corpora) }));
}

/** The measurement of that name and kernel, of one query set or any, or undefined. */
export function measurementNamed(
  db: Database,
  name: string,
  kernel: string,
  querySetId?: number,
): Measurement | undefined {
  return listMeasurements(db).find(
    (one) => one.name === name && one.kernel === kernel && (querySetId ?? one.querySetId) === one.querySetId,
  );
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
      `SELECT level, corpus, label, share FROM shares
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

/** The distance of the nearest training point by query id, of the queries of a measurement that kept one. */
export function nearestDistances(db: Database, measurementId: number): Map<number, number> {
  const rows = db
    .prepare<[number], { queryId: number; distance: number }>(
      'SELECT query_id AS queryId, distance FROM neighbours WHERE measurement_id = ? AND rank = 0 ORDER BY query_id',
    )
    .all(measurementId);
  return new Map(rows.map(({ queryId, distance }) => [queryId, distance]));
}
