import type { Database } from 'better-sqlite3';
import { UsageError } from '../errors.js';

/** The arm an intervention drew for a query; `dose` is the number of texts leaked for it. */
export interface StoredAssignment {
  queryId: number;
  arm: string;
  dose: number;
  /** Queries like it, among which the arms were drawn. */
  block: string;
}

/** An arm as it was designed, and what became of it. */
export interface InterventionArm {
  name: string;
  /** `untouched`: of documents that nothing was leaked of. */
  kind: 'control' | 'exact' | 'paraphrase' | 'placebo' | 'unrelated' | 'untouched';
  dose: number;
  queries: number;
  /** Texts that were leaked. */
  texts: number;
}

/** An experiment on the training data: who got what. */
export interface Intervention {
  name: string;
  querySetId: number;
  seed: number;
  arms: InterventionArm[];
  paraphraser: string;
  /** Cosine similarity to the query that a paraphrase must have. */
  band: [number, number];
  /** Paraphrases that were thrown away, by why. */
  rejected: Record<string, number>;
  /** Paraphrases that were asked for and could not be had. */
  missing: number;
}

/** Replaces an intervention and its assignments. */
export function replaceIntervention(
  db: Database,
  { name, querySetId, ...manifest }: Intervention,
  assignments: readonly StoredAssignment[],
): void {
  const insert = db.prepare(
    'INSERT INTO assignments (intervention, query_id, arm, dose, block) VALUES (?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    db.prepare('DELETE FROM interventions WHERE name = ?').run(name);
    db.prepare('INSERT INTO interventions (name, query_set_id, manifest) VALUES (?, ?, ?)').run(
      name,
      querySetId,
      JSON.stringify(manifest),
    );
    for (const { queryId, arm, dose, block } of assignments) insert.run(name, queryId, arm, dose, block);
  })();
}

/** All interventions, by name. */
export function listInterventions(db: Database): Intervention[] {
  return db
    .prepare<[], { name: string; querySetId: number; manifest: string }>(
      'SELECT name, query_set_id AS querySetId, manifest FROM interventions ORDER BY name',
    )
    .all()
    .map(({ manifest, ...row }) => ({ ...row, ...JSON.parse(manifest) }));
}

/**
 * The intervention of a name.
 *
 * @throws UsageError naming those that there are
 */
export function interventionNamed(db: Database, name: string): Intervention {
  const all = listInterventions(db);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const names = all.map((one) => one.name).join(', ');
  throw new UsageError(`There is no intervention "${name}"; there are: ${names || 'none'}.`);
}

/** The assignments of an intervention, by query. */
export function assignmentsOf(db: Database, intervention: string): StoredAssignment[] {
  return db
    .prepare<[string], StoredAssignment>(
      'SELECT query_id AS queryId, arm, dose, block FROM assignments WHERE intervention = ? ORDER BY query_id',
    )
    .all(intervention);
}
