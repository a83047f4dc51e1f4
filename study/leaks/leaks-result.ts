import {
  chunkAt,
  type LeakSearch,
  leakSuspectsOf,
  listCorpora,
  queriesOf,
  type Study,
} from '../../store/index.js';
import { excerptOf } from '../excerpt.js';

/** A query and the training text that is suspected to be a copy or rewording of it. */
export interface Leak {
  queryId: number;
  kind: string;
  /** Standard deviations above what training texts are to each other. */
  score: number;
  similarity: number;
  share: number;
  words: number;
  copied: number;
  corpus: string;
  document: string;
  /** The starts of both texts. */
  excerpt: string;
  nearest: string;
}

/** What a search for leaks found. */
export interface LeaksResult extends Omit<LeakSearch, 'id' | 'querySetId'> {
  /** By kind of query: how many there are, and how many are suspected. */
  kinds: { kind: string; queries: number; suspected: number }[];
  /** The most suspected, from the highest score down. */
  leaks: Leak[];
}

/** A search for leaks with the texts of its `top` most suspected queries. */
export function leaksResult({ db }: Study, search: LeakSearch, top: number): LeaksResult {
  const { id, querySetId, ...settings } = search;
  const queries = new Map(queriesOf(db, querySetId).map((query) => [query.id, query]));
  const corpora = new Map(listCorpora(db).map((corpus) => [corpus.id, corpus.name]));
  const suspected = leakSuspectsOf(db, id).filter(({ score }) => score >= search.threshold);
  const kinds = new Map<string, { kind: string; queries: number; suspected: number }>();
  for (const { kind } of queries.values()) {
    const known = kinds.get(kind) ?? { kind, queries: 0, suspected: 0 };
    kinds.set(kind, { ...known, queries: known.queries + 1 });
  }
  for (const { queryId } of suspected) kinds.get(queries.get(queryId)!.kind)!.suspected++;
  const leaks = suspected.slice(0, top).map(({ corpusId, row, ...suspect }) => {
    const { kind, text } = queries.get(suspect.queryId)!;
    const { document, text: nearest } = chunkAt(db, corpusId, row)!;
    const texts = { excerpt: excerptOf(text), nearest: excerptOf(nearest) };
    return { ...suspect, kind, corpus: corpora.get(corpusId)!, document, ...texts };
  });
  return { ...settings, kinds: [...kinds.values()], leaks };
}
