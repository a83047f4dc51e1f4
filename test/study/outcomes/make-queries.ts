import { type NewQuery, openStudy, replaceQuerySet, type Study } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A new study with the query set `q`, without vectors; keys, documents and sources are as `densimeter queries` makes them. */
export function studyWithQueries(queries: readonly (Partial<NewQuery> & { text: string })[]): Study {
  const study = openStudy(tempFolder(), { write: true });
  addQueries(study, 'q', queries);
  return study;
}

/** Adds a query set without vectors. */
export function addQueries(
  study: Study,
  name: string,
  queries: readonly (Partial<NewQuery> & { text: string })[],
): void {
  const full = queries.map((query, i): NewQuery => {
    const document = query.document ?? `q.jsonl:${i + 1}`;
    return { key: `query/${document}/0`, kind: 'query', source: 'q.jsonl', ...query, document };
  });
  replaceQuerySet(study.db, { name, embedder: 'e', fingerprint: 'f', dims: 2 }, full);
}
