import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** The first 64 bits of the SHA-256 of a text: texts of one hash are taken for the same. */
export function hashText(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigInt64BE(0);
}

/** Looks up the first row of a corpus whose chunk has a text hash; undefined where none has. */
export function rowOfText(db: Database, corpusId: number): (textHash: bigint) => number | undefined {
  const lookup = db
    .prepare<[number, bigint], number>(
      'SELECT row FROM chunks WHERE corpus_id = ? AND text_hash = ? ORDER BY row LIMIT 1',
    )
    .pluck();
  return (textHash) => lookup.get(corpusId, textHash);
}
