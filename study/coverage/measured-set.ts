import { sum } from 'd3';
import {
  chunksBySource,
  DataError,
  densitiesOf,
  listQuerySets,
  type Measurement,
  type Query,
  queriesOf,
  type Study,
  sharesAtLevel,
} from '../../store/index.js';

/** A source of training text, with how many points it has. */
export interface TrainingSource {
  corpus: string;
  source: string;
  /** Its training points, n_s. */
  points: number;
}

/** The part of a query's density that one document holds. */
export interface DocumentShare {
  corpus: string;
  document: string;
  share: number;
}

/** A measured query with what its density rests on. */
export interface SupportedQuery extends Query {
  log10Density: number;
  /** `(sources)`, of all sources. */
  shares: Float64Array;
  /** Of the documents that were kept, largest first. */
  documents: DocumentShare[];
}

/** All that a measurement says of a query set. */
export interface MeasuredSet {
  measurement: Measurement;
  querySet: string;
  queries: SupportedQuery[];
  sources: TrainingSource[];
}

/**
 * Reads a measurement of a query set with all its shares.
 *
 * @throws DataError where its corpora are no longer what was measured
 */
export function readMeasuredSet({ db }: Study, measurement: Measurement): MeasuredSet {
  const { id, querySetId, corpora, points: n } = measurement;
  const sources: TrainingSource[] = corpora.flatMap((corpus) =>
    chunksBySource(db, corpus).map(({ source, chunks: points }) => ({ corpus, source, points })),
  );
  if (sum(sources, ({ points }) => points) !== n) throw outdated(measurement);
  const densities = densitiesOf(db, id);
  const queries = new Map<number, SupportedQuery>();
  for (const query of queriesOf(db, querySetId)) {
    const density = densities.get(query.id);
    if (!density) continue;
    const shares = new Float64Array(sources.length);
    queries.set(query.id, { ...query, log10Density: density.log10Density, shares, documents: [] });
  }
  const columns = new Map(sources.map(({ corpus, source }, column) => [`${corpus}\n${source}`, column]));
  for (const { queryId, corpus, label, share } of sharesAtLevel(db, id, 'source')) {
    const column = columns.get(`${corpus}\n${label}`);
    if (column === undefined) throw outdated(measurement);
    queries.get(queryId)!.shares[column] = share;
  }
  for (const { queryId, corpus, label, share } of sharesAtLevel(db, id, 'document')) {
    queries.get(queryId)!.documents.push({ corpus, document: label, share });
  }
  const { name: querySet } = listQuerySets(db).find((set) => set.id === querySetId)!;
  return { measurement, querySet, queries: [...queries.values()], sources };
}

function outdated({ name, points, corpora }: Measurement): DataError {
  return new DataError(
    `Measurement "${name}" is of ${points} points of ${corpora.join(', ')}, which have changed since: measure the query set again.`,
  );
}
