import type { Query } from '../../../store/index.js';

/** How a record was matched to its query. */
export type MatchedBy = 'hash' | 'id' | 'text' | 'row';

/** The queries of a set by what outcomes call them. Names that two queries share match neither. */
export interface QueryIndex {
  /** By the query's key, or that of the document it is the only query of. */
  byKey(key: string): number | undefined;
  /** By its text, letter for letter but for white space around it. */
  byText(text: string): number | undefined;
}

/** Indexes queries by key, document and text. */
export function indexQueries(queries: readonly Query[]): QueryIndex {
  const byKey = unique(queries.map(({ key, id }) => [key, id]));
  const byDocument = unique(queries.map(({ document, id }) => [document, id]));
  const byText = unique(queries.map(({ text, id }) => [text.trim(), id]));
  return {
    byKey: (key) => byKey.get(key) ?? byDocument.get(key),
    byText: (text) => byText.get(text.trim()),
  };
}

function unique(entries: readonly [string, number][]): Map<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  for (const [name, id] of entries) {
    if (found.has(name)) twice.add(name);
    found.set(name, id);
  }
  for (const name of twice) found.delete(name);
  return found;
}
