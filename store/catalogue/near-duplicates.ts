import type { Database } from 'better-sqlite3';

/** A group of documents that are nearly equal; the first one is the oldest. */
export interface NearDuplicates {
  group: number;
  /** Ids of documents. */
  documents: number[];
}

/** Replaces what is known of the near duplicates of a corpus. */
export function replaceNearDuplicates(
  db: Database,
  corpusId: number,
  groups: readonly NearDuplicates[],
): void {
  const insert = db.prepare(
    'INSERT INTO near_duplicates (corpus_id, document_id, duplicate_group) VALUES (?, ?, ?)',
  );
  db.transaction(() => {
    db.prepare('DELETE FROM near_duplicates WHERE corpus_id = ?').run(corpusId);
    for (const { group, documents } of groups) {
      for (const document of documents) insert.run(corpusId, document, group);
    }
  })();
}

/** The near duplicates of a corpus by the keys of their documents, largest groups first. */
export function nearDuplicatesOf(db: Database, corpusId: number): string[][] {
  const rows = db
    .prepare<[number], { keys: string }>(
      `SELECT json_group_array(key) AS keys FROM (
         SELECT d.key, n.duplicate_group FROM near_duplicates n JOIN documents d ON d.id = n.document_id
         WHERE n.corpus_id = ? ORDER BY n.duplicate_group, d.id)
       GROUP BY duplicate_group ORDER BY count(*) DESC, duplicate_group`,
    )
    .all(corpusId);
  return rows.map(({ keys }) => JSON.parse(keys) as string[]);
}
