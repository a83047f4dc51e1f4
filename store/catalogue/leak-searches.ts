import type { Database } from 'better-sqlite3';

/** A search for leaks of a query set in some corpora, and what its scores mean. */
export interface LeakSearch {
  id: number;
  querySetId: number;
  corpora: string[];
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /** Training points searched, n. */
  points: number;
  /** Training texts around the queries that the scores are calibrated on. */
  calibrated: number;
  /** The share of queries without a leak that are to be suspected, at most, by the calibration. */
  alarm: number;
  /** Scores from here on are suspected. */
  threshold: number;
  seed: number;
}

/** The training text that is most like a leak of a query. */
export interface LeakSuspect {
  queryId: number;
  corpusId: number;
  row: number;
  /** Cosine of the two vectors. */
  similarity: number;
  /** Of the query's density, what this point holds. */
  share: number;
  /** Of the words of either, weighed by rarity, those that both have. */
  words: number;
  /** Of the word 4-grams of the shorter text, those that both have. */
  copied: number;
  /** Standard deviations above what training texts are to each other. */
  score: number;
}

/** Keeps a search with the suspect of every query, in the place of an earlier one of that query set in these corpora. */
export function replaceLeakSearch(
  db: Database,
  { querySetId, corpora, ...settings }: Omit<LeakSearch, 'id'>,
  suspects: readonly LeakSuspect[],
): LeakSearch {
  const insert = db.prepare(
    'INSERT INTO leak_suspects VALUES (@search, @queryId, @corpusId, @row, @similarity, @share, @words, @copied, @score)',
  );
  const names = JSON.stringify(corpora);
  return db.transaction(() => {
    db.prepare('DELETE FROM leak_searches WHERE query_set_id = ? AND corpora = ?').run(querySetId, names);
    const { lastInsertRowid } = db
      .prepare('INSERT INTO leak_searches (query_set_id, corpora, settings) VALUES (?, ?, ?)')
      .run(querySetId, names, JSON.stringify(settings));
    const id = Number(lastInsertRowid);
    for (const suspect of suspects) insert.run({ ...suspect, search: id });
    return { id, querySetId, corpora, ...settings };
  })();
}

/** All searches, oldest first. */
export function listLeakSearches(db: Database): LeakSearch[] {
  return db
    .prepare<[], { id: number; querySetId: number; corpora: string; settings: string }>(
      'SELECT id, query_set_id AS querySetId, corpora, settings FROM leak_searches ORDER BY id',
    )
    .all()
    .map(({ corpora, settings, ...row }) => ({
      ...row,
      corpora: JSON.parse(corpora),
      ...JSON.parse(settings),
    }));
}

/** The suspects of a search, from the highest score down. */
export function leakSuspectsOf(db: Database, searchId: number): LeakSuspect[] {
  return db
    .prepare<[number], LeakSuspect>(
      `SELECT query_id AS queryId, corpus_id AS corpusId, row, similarity, share, words, copied, score
       FROM leak_suspects WHERE search_id = ? ORDER BY score DESC, query_id`,
    )
    .all(searchId);
}
