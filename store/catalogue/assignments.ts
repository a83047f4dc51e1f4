import type { Database } from 'better-sqlite3';

/** The arm an intervention drew for a query; `dose` is the number of texts leaked for it. */
export interface StoredAssignment {
  queryId: number;
  arm: string;
  dose: number;
}

/** Replaces the assignments of an intervention. */
export function replaceAssignments(
  db: Database,
  intervention: string,
  assignments: readonly StoredAssignment[],
): void {
  const insert = db.prepare(
    'INSERT INTO assignments (intervention, query_id, arm, dose) VALUES (?, ?, ?, ?)',
  );
  db.transaction(() => {
    db.prepare('DELETE FROM assignments WHERE intervention = ?').run(intervention);
    for (const { queryId, arm, dose } of assignments) insert.run(intervention, queryId, arm, dose);
  })();
}

/** The assignments of an intervention, by query. */
export function assignmentsOf(db: Database, intervention: string): StoredAssignment[] {
  return db
    .prepare<[string], StoredAssignment>(
      'SELECT query_id AS queryId, arm, dose FROM assignments WHERE intervention = ? ORDER BY query_id',
    )
    .all(intervention);
}
