import { rmSync } from 'node:fs';
import {
  type NewQuery,
  openVectorWriter,
  type QuerySet,
  replaceQuerySet,
  type Study,
} from '../store/index.js';
import type { Embedder } from './embedder/embedder.js';

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
  const folder = study.vectorFolder('queries', name);
  rmSync(folder, { recursive: true, force: true });
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  try {
    writer.append(vectors);
    writer.commit();
  } finally {
    writer.close();
  }
  return replaceQuerySet(study.db, { name, embedder: embedderName, fingerprint, dims }, queries);
}
