import {
  DataError,
  type NewQuery,
  type QuerySet,
  replaceQuerySet,
  type Study,
  writeQueryVectors,
} from '../../store/index.js';
import type { Embedder } from '../embedder/embedder.js';

/** A query to be added, with its unit vector where it was embedded elsewhere. */
export type QueryToEmbed = NewQuery & { vector?: Float32Array };

/**
 * Embeds queries that have no vector yet, writes all vectors, and replaces the query set of that name.
 *
 * @throws DataError for a vector of other dims than the embedder's
 */
export async function embedQueries(
  study: Study,
  embedder: Embedder,
  name: string,
  queries: readonly QueryToEmbed[],
): Promise<QuerySet> {
  const { name: embedderName, fingerprint, dims } = embedder;
  const without = queries.filter(({ vector }) => !vector);
  const embedded =
    without.length > 0
      ? (
          await embedder.embed(
            without.map(({ text }) => text),
            'query',
          )
        ).vectors
      : new Float32Array();
  const vectors = new Float32Array(queries.length * dims);
  let next = 0;
  queries.forEach(({ vector, key }, row) => {
    const found = vector ?? embedded.subarray(next * dims, ++next * dims);
    if (found.length !== dims) {
      throw new DataError(
        `The vector of query "${key}" has ${found.length} dims; ${embedderName} has ${dims}.`,
      );
    }
    vectors.set(found, row * dims);
  });
  writeQueryVectors(study, name, vectors, dims);
  return replaceQuerySet(
    study.db,
    { name, embedder: embedderName, fingerprint, dims },
    queries.map(({ vector: _, ...query }) => query),
  );
}
