import { embedQueries, reopenEmbedder, type Skipped } from '../../indexer/index.js';
import { corpusNamed, listCorpora, type QuerySet, type Study, UsageError } from '../../store/index.js';
import { drawQueries } from '../pipeline/draw-queries.js';
import type { QueryPart } from '../pipeline/study-file.js';

/** Where the texts of a query set are, and which corpus's embedder they are to be compared in. */
export interface QuerySetFiles {
  part: Extract<QueryPart, { files: string[] }>;
  base: string;
  seed: number;
  /** By default the oldest. */
  corpus?: string | undefined;
}

/**
 * Reads texts, embeds them as the corpus was, and keeps them as the query set of that name, in the place of an earlier one.
 *
 * @throws UsageError for files, columns or a corpus that are not there
 * @throws DataError where there is no text
 */
export async function addQuerySet(
  study: Study,
  name: string,
  { part, base, seed, corpus: named }: QuerySetFiles,
): Promise<{ set: QuerySet; queries: number; skipped: Skipped }> {
  const [first] = listCorpora(study.db);
  if (!first) throw new UsageError(`Index a corpus first: queries are embedded as it was.`);
  const embedder = await reopenEmbedder(corpusNamed(study.db, named ?? first.name));
  try {
    const { queries, skipped } = await drawQueries(study, { queries: [part], base, seed }, embedder);
    const set = await embedQueries(study, embedder, name, queries);
    return { set, queries: queries.length, skipped };
  } finally {
    await embedder.close();
  }
}
