import type { Database } from 'better-sqlite3';
import { UsageError } from '../errors.js';

/** How vectors are brought to two dims. */
export type ProjectionMethod = 'pca' | 'umap';

/** Words that tell the training texts around a place from the others. */
export interface PlaceLabel {
  x: number;
  y: number;
  words: string[];
  /** Landmarks that it speaks for. */
  landmarks: number;
}

/** What a projection was made with, and what it shows. */
export interface ProjectionSettings {
  /** Training points that the directions, or the layout, were computed from. */
  landmarks: number;
  /** Of UMAP, and of placing other points between landmarks. */
  neighbours: number;
  seed: number;
  /** Share of the landmarks' variance along each of the two directions; null for UMAP. */
  variance: [number, number] | null;
  /** Within which all training points are. */
  extent: { x: [number, number]; y: [number, number] };
  labels: PlaceLabel[];
  made: string;
}

/** Corpora and query sets in two dims. */
export interface Projection extends ProjectionSettings {
  id: number;
  name: string;
  method: ProjectionMethod;
  /** Of the embedder whose vectors are projected. */
  fingerprint: string;
  corpora: { id: number; name: string; points: number }[];
  querySets: { id: number; name: string; queries: number }[];
}

/** What other vectors are projected by: the mean and the two directions, or landmarks and their places. */
export interface ProjectionFrame {
  /** `(rows, dims)` row-major. */
  vectors: Float32Array;
  /** `(rows, 2)`; empty for PCA. */
  places: Float32Array;
}

/** What is kept of a projection: the places of corpora and query sets are by their ids, `(rows, 2)`. */
export interface NewProjection {
  name: string;
  method: ProjectionMethod;
  fingerprint: string;
  settings: ProjectionSettings;
  frame: ProjectionFrame;
  corpora: ReadonlyMap<number, Float32Array>;
  querySets: ReadonlyMap<number, Float32Array>;
}

/** Keeps a projection in the place of the one of that name. */
export function replaceProjection(db: Database, made: NewProjection): Projection {
  const { name, method, fingerprint, settings, frame } = made;
  db.transaction(() => {
    db.prepare('DELETE FROM projections WHERE name = ?').run(name);
    const { lastInsertRowid } = db
      .prepare(
        'INSERT INTO projections (name, method, fingerprint, settings, frame, frame_places) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(
        name,
        method,
        fingerprint,
        JSON.stringify(settings),
        bytesOf(frame.vectors),
        bytesOf(frame.places),
      );
    const ofCorpus = db.prepare('INSERT INTO projected_corpora VALUES (?, ?, ?)');
    for (const [id, places] of made.corpora) ofCorpus.run(lastInsertRowid, id, bytesOf(places));
    const ofQueries = db.prepare('INSERT INTO projected_queries VALUES (?, ?, ?)');
    for (const [id, places] of made.querySets) ofQueries.run(lastInsertRowid, id, bytesOf(places));
  })();
  return projectionNamed(db, name);
}

/** All projections, oldest first. */
export function listProjections(db: Database): Projection[] {
  const corpora = db.prepare<[number], Projection['corpora'][number]>(
    `SELECT c.id, c.name, length(p.places) / 8 AS points
     FROM projected_corpora p JOIN corpora c ON c.id = p.corpus_id WHERE p.projection_id = ? ORDER BY c.id`,
  );
  const querySets = db.prepare<[number], Projection['querySets'][number]>(
    `SELECT s.id, s.name, length(p.places) / 8 AS queries
     FROM projected_queries p JOIN query_sets s ON s.id = p.query_set_id WHERE p.projection_id = ? ORDER BY s.id`,
  );
  return db
    .prepare<
      [],
      { id: number; name: string; method: ProjectionMethod; fingerprint: string; settings: string }
    >('SELECT id, name, method, fingerprint, settings FROM projections ORDER BY id')
    .all()
    .map(({ settings, ...row }) => ({
      ...row,
      ...(JSON.parse(settings) as ProjectionSettings),
      corpora: corpora.all(row.id),
      querySets: querySets.all(row.id),
    }));
}

/**
 * The projection of that name.
 *
 * @throws UsageError naming the projections that there are
 */
export function projectionNamed(db: Database, name: string): Projection {
  const all = listProjections(db);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const names = all.map((one) => one.name).join(', ');
  throw new UsageError(
    `There is no projection "${name}"; ${names ? `there are: ${names}` : 'make one with: densimeter project'}.`,
  );
}

/** Where the rows of a corpus are, `(rows, 2)`; undefined where the projection does not show it. */
export function placesOfCorpus(
  db: Database,
  projectionId: number,
  corpusId: number,
): Float32Array | undefined {
  return numbersOf(
    db
      .prepare<[number, number], Buffer>(
        'SELECT places FROM projected_corpora WHERE projection_id = ? AND corpus_id = ?',
      )
      .pluck()
      .get(projectionId, corpusId),
  );
}

/** Where the queries of a set are, `(queries, 2)`, in their order; undefined where the projection does not show them. */
export function placesOfQueries(
  db: Database,
  projectionId: number,
  querySetId: number,
): Float32Array | undefined {
  return numbersOf(
    db
      .prepare<[number, number], Buffer>(
        'SELECT places FROM projected_queries WHERE projection_id = ? AND query_set_id = ?',
      )
      .pluck()
      .get(projectionId, querySetId),
  );
}

/** What other vectors are projected by. */
export function frameOf(db: Database, projectionId: number): ProjectionFrame {
  const row = db
    .prepare<[number], { frame: Buffer; places: Buffer }>(
      'SELECT frame, frame_places AS places FROM projections WHERE id = ?',
    )
    .get(projectionId)!;
  return { vectors: numbersOf(row.frame)!, places: numbersOf(row.places)! };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Copied: the bytes of a row need not be aligned. */
function numbersOf(bytes: Buffer | undefined): Float32Array | undefined {
  return bytes && new Float32Array(new Uint8Array(bytes).buffer);
}
