import type { Database } from 'better-sqlite3';
import { UsageError } from '../errors.js';

/** A named list of queries, embedded by one embedder. */
export interface QuerySet {
  id: number;
  name: string;
  embedder: string;
  fingerprint: string;
  dims: number;
}

/** A test example. `document` groups queries cut from one text; `row` is its row in the set's vector files. */
export interface Query {
  id: number;
  querySetId: number;
  row: number;
  key: string;
  kind: string;
  document: string;
  source: string;
  /** Fields kept with it: the answer, a level, … */
  meta: Record<string, unknown>;
  text: string;
}

/** A query to be added. */
export type NewQuery = Omit<Query, 'id' | 'querySetId' | 'row' | 'meta'> & Partial<Pick<Query, 'meta'>>;

/** Replaces a query set and its queries in one transaction; rows follow the order given. */
export function replaceQuerySet(
  db: Database,
  set: Omit<QuerySet, 'id'>,
  queries: readonly NewQuery[],
): QuerySet {
  const insert = db.prepare(
    `INSERT INTO queries (query_set_id, row, key, kind, document, source, meta, text)
     VALUES (@querySetId, @row, @key, @kind, @document, @source, @meta, @text)`,
  );
  return db.transaction(() => {
    db.prepare('DELETE FROM query_sets WHERE name = ?').run(set.name);
    const { lastInsertRowid } = db
      .prepare(
        'INSERT INTO query_sets (name, embedder, fingerprint, dims) VALUES (@name, @embedder, @fingerprint, @dims)',
      )
      .run(set);
    const id = Number(lastInsertRowid);
    queries.forEach((query, row) => {
      insert.run({ ...query, meta: JSON.stringify(query.meta ?? {}), querySetId: id, row });
    });
    return { ...set, id };
  })();
}

/** All query sets, oldest first, with how many queries each has. */
export function listQuerySets(db: Database): (QuerySet & { queries: number })[] {
  return db
    .prepare<[], QuerySet & { queries: number }>(
      `SELECT s.id, s.name, s.embedder, s.fingerprint, s.dims, count(q.id) AS queries
       FROM query_sets s LEFT JOIN queries q ON q.query_set_id = s.id GROUP BY s.id ORDER BY s.id`,
    )
    .all();
}

/** The query set of that name, or undefined. */
export function querySetByName(db: Database, name: string): QuerySet | undefined {
  return db
    .prepare<[string], QuerySet>(
      'SELECT id, name, embedder, fingerprint, dims FROM query_sets WHERE name = ?',
    )
    .get(name);
}

const QUERY_COLUMNS = 'id, query_set_id AS querySetId, row, key, kind, document, source, meta, text';

type QueryRow = Omit<Query, 'meta'> & { meta: string };

/**
 * The query set of that name.
 *
 * @throws UsageError naming the query sets that there are
 */
export function querySetNamed(db: Database, name: string): QuerySet {
  const set = querySetByName(db, name);
  if (set) return set;
  const names = listQuerySets(db).map((one) => one.name);
  throw new UsageError(
    `There is no query set "${name}"; there ${names.length > 0 ? `are: ${names.join(', ')}` : 'is none yet'}.`,
  );
}

/** The queries of a set in the order of their rows. */
export function queriesOf(db: Database, querySetId: number): Query[] {
  return db
    .prepare<[number], QueryRow>(`SELECT ${QUERY_COLUMNS} FROM queries WHERE query_set_id = ? ORDER BY row`)
    .all(querySetId)
    .map(parsed);
}

/** One query by its id, or undefined. */
export function queryById(db: Database, id: number): Query | undefined {
  const row = db.prepare<[number], QueryRow>(`SELECT ${QUERY_COLUMNS} FROM queries WHERE id = ?`).get(id);
  return row && parsed(row);
}

function parsed(row: QueryRow): Query {
  return { ...row, meta: JSON.parse(row.meta) };
}

/** Sets one control (length, unigram log-frequency, …) for many queries. */
export function setControl(
  db: Database,
  name: string,
  values: Iterable<[queryId: number, value: number]>,
): void {
  const upsert = db.prepare(
    `INSERT INTO controls (query_id, name, value) VALUES (?, ?, ?)
     ON CONFLICT (query_id, name) DO UPDATE SET value = excluded.value`,
  );
  db.transaction(() => {
    for (const [queryId, value] of values) upsert.run(queryId, name, value);
  })();
}

/** The controls of a query set: name → query id → value. */
export function controlsOf(db: Database, querySetId: number): Map<string, Map<number, number>> {
  const rows = db
    .prepare<[number], { queryId: number; name: string; value: number }>(
      `SELECT c.query_id AS queryId, c.name, c.value FROM controls c
       JOIN queries q ON q.id = c.query_id WHERE q.query_set_id = ?`,
    )
    .all(querySetId);
  const controls = new Map<string, Map<number, number>>();
  for (const { queryId, name, value } of rows) {
    const values = controls.get(name) ?? new Map<number, number>();
    controls.set(name, values.set(queryId, value));
  }
  return controls;
}
