import type { Database } from 'better-sqlite3';
import { DataError } from './errors.js';

/**
 * The catalogue's schema, one step a version (`PRAGMA user_version`). A released step is never edited: add one.
 *
 * `chunks.row` is the chunk's row in the corpus's vector files; `start` and `end` are UTF-16 offsets into the
 * document's text; `text_hash` is that of `hashText`. `embedder_choice` is what opens a corpus's embedder again. An ingest is one call that adds documents to a corpus; `key` is a
 * hash of its inputs. `vector_files.folder` is relative to `vectors/`. `bandwidth_densities` holds a measurement's kernel at
 * other bandwidths; `error_bound` is of its log10. `top_shares.top` is a number of nearest points, or below 1 a share of all.
 * Outcomes are of a query's whole text
 * or target: `nll` is a sum over its tokens in nats, `tokens` and `bytes` are counts, `correct` is 0 or 1; `loss` is a mean
 * in nats a token, kept where the tokens are not known. A covariate that is a number is one of a run's sizes, a text a category.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE corpora (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('pretrain', 'finetune', 'intervention')),
    embedder TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    dims INTEGER NOT NULL,
    embedder_choice TEXT,
    precision TEXT NOT NULL CHECK (precision IN ('fp32', 'fp16')),
    folder TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE ingests (
    id INTEGER PRIMARY KEY,
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    key TEXT NOT NULL,
    settings TEXT NOT NULL,
    documents_before INTEGER NOT NULL,
    chunks_before INTEGER NOT NULL,
    finished TEXT
  ) STRICT;
  CREATE INDEX ingests_by_corpus ON ingests (corpus_id);

  CREATE TABLE vector_files (
    folder TEXT NOT NULL,
    file TEXT NOT NULL,
    rows INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    PRIMARY KEY (folder, file)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    split TEXT NOT NULL CHECK (split IN ('train', 'held-out')),
    meta TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (corpus_id, key)
  ) STRICT;

  CREATE TABLE chunks (
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    row INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text_hash INTEGER NOT NULL,
    PRIMARY KEY (corpus_id, row)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunks_by_document ON chunks (document_id);
  CREATE INDEX chunks_by_text ON chunks (corpus_id, text_hash);

  CREATE TABLE near_duplicates (
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    duplicate_group INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX near_duplicates_by_group ON near_duplicates (corpus_id, duplicate_group);

  CREATE TABLE query_sets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    embedder TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    dims INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE queries (
    id INTEGER PRIMARY KEY,
    query_set_id INTEGER NOT NULL REFERENCES query_sets ON DELETE CASCADE,
    row INTEGER NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    source TEXT NOT NULL,
    meta TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (query_set_id, key),
    UNIQUE (query_set_id, row)
  ) STRICT;

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scorer TEXT NOT NULL,
    settings TEXT NOT NULL
  ) STRICT;

  CREATE TABLE run_covariates (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    name TEXT NOT NULL,
    value ANY NOT NULL CHECK (typeof(value) IN ('integer', 'real', 'text')),
    PRIMARY KEY (run_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE outcomes (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    metric TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (run_id, query_id, metric)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX outcomes_by_query ON outcomes (query_id);

  CREATE TABLE controls (
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (query_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE measurements (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    query_set_id INTEGER NOT NULL REFERENCES query_sets ON DELETE CASCADE,
    corpora TEXT NOT NULL,
    kernel TEXT NOT NULL,
    bandwidth REAL NOT NULL,
    bandwidth_rule TEXT NOT NULL,
    estimator TEXT NOT NULL,
    estimator_rule TEXT NOT NULL,
    relative_error REAL,
    budget REAL,
    seed INTEGER NOT NULL,
    points INTEGER NOT NULL,
    UNIQUE (name, query_set_id, kernel)
  ) STRICT;

  CREATE TABLE densities (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    log10_density REAL NOT NULL,
    log10_low REAL NOT NULL,
    log10_high REAL NOT NULL,
    effective_samples REAL NOT NULL,
    touched REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX densities_by_query ON densities (query_id);

  CREATE TABLE bandwidth_densities (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    bandwidth REAL NOT NULL,
    log10_density REAL NOT NULL,
    error_bound REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id, bandwidth)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX bandwidth_densities_by_query ON bandwidth_densities (query_id);

  CREATE TABLE density_controls (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX density_controls_by_query ON density_controls (query_id);

  CREATE TABLE shares (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    level TEXT NOT NULL CHECK (level IN ('corpus', 'source', 'document')),
    corpus TEXT NOT NULL,
    label TEXT NOT NULL,
    share REAL NOT NULL,
    share_error REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id, level, corpus, label)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX shares_by_query ON shares (query_id);

  CREATE TABLE top_shares (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    top REAL NOT NULL,
    k INTEGER NOT NULL,
    share REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id, top)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX top_shares_by_query ON top_shares (query_id);

  CREATE TABLE neighbours (
    measurement_id INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    row INTEGER NOT NULL,
    distance REAL NOT NULL,
    share REAL NOT NULL,
    PRIMARY KEY (measurement_id, query_id, rank)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX neighbours_by_query ON neighbours (query_id);
  CREATE INDEX neighbours_by_corpus ON neighbours (corpus_id);

  CREATE TABLE calibrations (
    corpora TEXT NOT NULL,
    kernel TEXT NOT NULL,
    bandwidth REAL NOT NULL,
    bandwidth_rule TEXT NOT NULL,
    points INTEGER NOT NULL,
    log10_densities TEXT NOT NULL,
    PRIMARY KEY (corpora, kernel)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE assignments (
    intervention TEXT NOT NULL,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    arm TEXT NOT NULL,
    dose INTEGER NOT NULL,
    PRIMARY KEY (intervention, query_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX assignments_by_query ON assignments (query_id);

  CREATE TABLE steps (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    finished TEXT,
    seconds REAL NOT NULL DEFAULT 0,
    summary TEXT NOT NULL DEFAULT ''
  ) STRICT;
  `,
  // Interventions are kept with their manifest, and assignments with the block that they were drawn in.
  `
  CREATE TABLE interventions (
    name TEXT PRIMARY KEY,
    query_set_id INTEGER NOT NULL REFERENCES query_sets ON DELETE CASCADE,
    manifest TEXT NOT NULL
  ) STRICT;

  DROP TABLE assignments;
  CREATE TABLE assignments (
    intervention TEXT NOT NULL REFERENCES interventions ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    arm TEXT NOT NULL,
    dose INTEGER NOT NULL,
    block TEXT NOT NULL,
    PRIMARY KEY (intervention, query_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX assignments_by_query ON assignments (query_id);

  DELETE FROM steps WHERE name LIKE 'intervene %';
  `,
  // Searches for leaks of query sets.
  `
  CREATE TABLE leak_searches (
    id INTEGER PRIMARY KEY,
    query_set_id INTEGER NOT NULL REFERENCES query_sets ON DELETE CASCADE,
    corpora TEXT NOT NULL,
    settings TEXT NOT NULL,
    UNIQUE (query_set_id, corpora)
  ) STRICT;

  CREATE TABLE leak_suspects (
    search_id INTEGER NOT NULL REFERENCES leak_searches ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    row INTEGER NOT NULL,
    similarity REAL NOT NULL,
    share REAL NOT NULL,
    words REAL NOT NULL,
    copied REAL NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (search_id, query_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leak_suspects_by_query ON leak_suspects (query_id);
  CREATE INDEX leak_suspects_by_corpus ON leak_suspects (corpus_id);
  `,
  // Regressions of batch reports, so that unchanged ones need not be computed again.
  `
  CREATE TABLE cells (
    batch TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (batch, key)
  ) STRICT, WITHOUT ROWID;
  `,
  // Projections of corpora and query sets to two dims; places are float32 pairs, in the order of rows or queries.
  `
  CREATE TABLE projections (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    settings TEXT NOT NULL,
    frame BLOB NOT NULL,
    frame_places BLOB NOT NULL
  ) STRICT;

  CREATE TABLE projected_corpora (
    projection_id INTEGER NOT NULL REFERENCES projections ON DELETE CASCADE,
    corpus_id INTEGER NOT NULL REFERENCES corpora ON DELETE CASCADE,
    places BLOB NOT NULL,
    PRIMARY KEY (projection_id, corpus_id)
  ) STRICT;
  CREATE INDEX projected_corpora_by_corpus ON projected_corpora (corpus_id);

  CREATE TABLE projected_queries (
    projection_id INTEGER NOT NULL REFERENCES projections ON DELETE CASCADE,
    query_set_id INTEGER NOT NULL REFERENCES query_sets ON DELETE CASCADE,
    places BLOB NOT NULL,
    PRIMARY KEY (projection_id, query_set_id)
  ) STRICT;
  CREATE INDEX projected_queries_by_set ON projected_queries (query_set_id);
  `,
];

/**
 * Brings a catalogue to the newest schema, each step in a transaction of its own.
 *
 * @throws DataError where the catalogue was made by a newer densimeter
 */
export function migrate(db: Database, file: string): void {
  const version = schemaVersion(db);
  if (version > MIGRATIONS.length) {
    throw new DataError(
      `${file} has schema version ${version}; this densimeter knows ${MIGRATIONS.length}. Use the densimeter that made it, or a newer one.`,
    );
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    db.transaction(() => {
      // Another process may have taken this step since the version was read.
      if (schemaVersion(db) > next) return;
      db.exec(MIGRATIONS[next]!);
      db.pragma(`user_version = ${next + 1}`);
    }).immediate();
  }
}

function schemaVersion(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}
