import {
  beginIngest,
  type Corpus,
  chunkCount,
  DataError,
  documentCount,
  finishIngest,
  forgetIngest,
  type Ingest,
  ingestsOf,
  type Study,
} from '../../store/index.js';

/** What an ingest depends on. */
export interface IngestInputs {
  key: string;
  settings?: Record<string, unknown>;
  append?: boolean;
}

/**
 * The ingest of these inputs: finished before, interrupted before and to be gone on with, or a new one.
 *
 * @throws DataError where the corpus is there already and `append` is not set, or another ingest was interrupted
 */
export function openIngest(
  { db }: Study,
  { id, name }: Corpus,
  { key, settings, append }: IngestInputs,
): Ingest {
  const ingests = ingestsOf(db, id);
  const last = ingests.at(-1);
  if (last && !last.finished) {
    if (last.key === key) return last;
    const added = documentCount(db, id) - last.documentsBefore;
    if (added > 0 && !append) {
      throw new DataError(
        `Corpus "${name}" is half indexed, by a command with other inputs: ${added} documents of it are there. Give that command again to finish it, keep what is there and add these with --append, or index anew with --replace.`,
      );
    }
    if (added > 0) finishIngest(db, last.id);
    else forgetIngest(db, last.id);
  }
  const same = ingests.find((ingest) => ingest.key === key && ingest.finished);
  if (same) return same;
  const chunks = chunkCount(db, id);
  if (chunks > 0 && !append) {
    throw new DataError(
      `Corpus "${name}" is there already, with ${chunks} chunks. Add to it with --append, or index it anew with --replace.`,
    );
  }
  const documentsBefore = documentCount(db, id);
  return beginIngest(db, id, { key, settings: settings ?? {}, documentsBefore, chunksBefore: chunks });
}
