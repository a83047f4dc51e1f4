import type { Database } from 'better-sqlite3';

/** The share of a query's density that its nearest points hold. */
export interface TopShare {
  /** As it was asked for: a number of points, or below 1 a share of all points. */
  top: number;
  /** How many points that is; all of them where fewer were there. */
  k: number;
  share: number;
  /** The share lies between these. */
  low: number;
  high: number;
}

/** Replaces what is kept of how a measurement's densities are spread over the nearest points, in one transaction. */
export function replaceTopShares(
  db: Database,
  measurementId: number,
  queries: readonly { queryId: number; shares: readonly TopShare[] }[],
): void {
  const insert = db.prepare('INSERT INTO top_shares VALUES (?, ?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    db.prepare('DELETE FROM top_shares WHERE measurement_id = ?').run(measurementId);
    for (const { queryId, shares } of queries) {
      for (const { top, k, share, low, high } of shares) {
        insert.run(measurementId, queryId, top, k, share, low, high);
      }
    }
  })();
}

/** The shares that the nearest points of one query hold at one measurement, the fewest points first; empty where not measured. */
export function topSharesOf(db: Database, measurementId: number, queryId: number): TopShare[] {
  return db
    .prepare<[number, number], TopShare>(
      `SELECT top, k, share, low, high FROM top_shares
       WHERE measurement_id = ? AND query_id = ? ORDER BY k, top`,
    )
    .all(measurementId, queryId);
}

/** The share that one top holds at a measurement, by query id. */
export function sharesOfTop(db: Database, measurementId: number, top: number): Map<number, TopShare> {
  const rows = db
    .prepare<[number, number], TopShare & { queryId: number }>(
      `SELECT query_id AS queryId, top, k, share, low, high FROM top_shares
       WHERE measurement_id = ? AND top = ?`,
    )
    .all(measurementId, top);
  return new Map(rows.map(({ queryId, ...share }) => [queryId, share]));
}
