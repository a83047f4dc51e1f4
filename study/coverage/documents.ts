import { descending, sum } from 'd3';
import type { DocumentShare, SupportedQuery } from './measured-set.js';
import { type Weighing, weightsOf } from './weights.js';

/** A document that supports a query set. */
export interface SupportingDocument extends DocumentShare {
  /** Its share and those of the documents before it. */
  cumulative: number;
  /** Queries that it is kept for. */
  queries: number;
  /** Queries that it holds more of than any other document does. */
  leads: number;
}

/**
 * The documents that support a query set. For each query only the documents that hold most were kept, so that the
 * share of a document in all queries is at least what is said here.
 */
export interface SupportingDocuments {
  /** Different documents that were kept for any query. */
  kept: number;
  /** What they hold in all. */
  share: number;
  /** Largest share first. */
  top: SupportingDocument[];
}

/** The documents that hold most of the density of queries, of which there is at least one. */
export function supportingDocuments(
  queries: readonly SupportedQuery[],
  weigh: Weighing,
  limit: number,
): SupportingDocuments {
  const weights = weightsOf(
    queries.map(({ log10Density }) => log10Density),
    weigh,
  );
  const found = new Map<string, SupportingDocument>();
  for (const [q, { documents }] of queries.entries()) {
    for (const [rank, { corpus, document, share }] of documents.entries()) {
      const key = `${corpus}\n${document}`;
      const entry = found.get(key) ?? { corpus, document, share: 0, cumulative: 0, queries: 0, leads: 0 };
      entry.share += weights[q]! * share;
      entry.queries += 1;
      if (rank === 0) entry.leads += 1;
      found.set(key, entry);
    }
  }
  const sorted = [...found.values()].sort((a, b) => descending(a.share, b.share));
  let cumulative = 0;
  const top = sorted.slice(0, limit).map((entry) => {
    cumulative += entry.share;
    return { ...entry, cumulative };
  });
  return { kept: sorted.length, share: sum(sorted, ({ share }) => share), top };
}
