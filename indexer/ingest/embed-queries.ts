import {
  type NewQuery,
  type QuerySet,
  replaceQuerySet,
  type Study,
  writeQueryVectors,
} from '../../store/index.js';
import type { Embedder } from '../embedder/embedder.js';

/** Embeds queries, writes their vectors, and replaces the query set of that name. */
export async function embedQueries(
  study: Study,
  embedder: Embedder,
  name: string,
  queries: readonly NewQuery[],
): Promise<QuerySet> {
  const { name: embedderName, fingerprint, dims } = embedder;
  const { vectors } = await embedder.embed(
    queries.map(({ text }) => text),
    'query',
  );
  writeQueryVectors(study, name, vectors, dims);
  return replaceQuerySet(study.db, { name, embedder: embedderName, fingerprint, dims }, queries);
}
