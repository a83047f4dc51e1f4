import type { Database } from 'better-sqlite3';
import type { MeasuredQuery } from './densities.js';

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
  /** How the estimator was chosen: `given`, `default`, or in words. */
  estimatorRule: string;
  /** Half the width of the 95 % interval, relative to the density, that was asked for; null where none was. */
  relativeError: number | null;
  /** Share of the points that it was allowed to look at, per query; null where there was no limit. */
  budget: number | null;
  seed: number;
  /** Training points behind every density, n. */
  points: number;
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
  const share = db.prepare('INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?, ?)');
  const neighbour = db.prepare('INSERT INTO neighbours VALUES (?, ?, ?, ?, ?, ?, ?)');
  const atBandwidth = db.prepare('INSERT INTO bandwidth_densities VALUES (?, ?, ?, ?, ?)');
  const control = db.prepare('INSERT INTO density_controls VALUES (?, ?, ?, ?)');
  return db.transaction(() => {
    // The id stays, so that links to a measurement outlive its being measured again.
    const before = measurementNamed(db, measurement.name, measurement.kernel, measurement.querySetId);
    if (before) db.prepare('DELETE FROM measurements WHERE id = ?').run(before.id);
    const { lastInsertRowid } = db
      .prepare(
        `INSERT INTO measurements
           (id, name, query_set_id, corpora, kernel, bandwidth, bandwidth_rule,
            estimator, estimator_rule, relative_error, budget, seed, points)
         VALUES (@id, @name, @querySetId, @corpora, @kernel, @bandwidth, @bandwidthRule,
            @estimator, @estimatorRule, @relativeError, @budget, @seed, @points)`,
      )
      .run({ ...measurement, id: before?.id ?? null, corpora: JSON.stringify(measurement.corpora) });
    const id = Number(lastInsertRowid);
    for (const { shares, neighbours, curve, controls, ...row } of measured) {
      density.run({ ...row, id });
      for (const { level, corpus, label, share: part, standardError } of shares) {
        share.run(id, row.queryId, level, corpus, label, part, standardError);
      }
      for (const { bandwidth, log10Density, errorBound } of curve) {
        atBandwidth.run(id, row.queryId, bandwidth, log10Density, errorBound);
      }
      for (const [name, value] of Object.entries(controls)) control.run(id, row.queryId, name, value);
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
         bandwidth_rule AS bandwidthRule, estimator, estimator_rule AS estimatorRule,
         relative_error AS relativeError, budget, seed, points FROM measurements ORDER BY id`,
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
