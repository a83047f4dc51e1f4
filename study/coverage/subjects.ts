import type { Query } from '../../store/index.js';

/** What the subject of a query can be; `subject` is the source label, which `densimeter queries --source` fills. */
const SUBJECTS = {
  kind: ({ kind }: Query) => kind,
  subject: ({ source }: Query) => source,
  source: ({ source }: Query) => source,
  document: ({ document }: Query) => document,
} as const;

/** The field of a query that is taken for its subject. */
export type SubjectField = keyof typeof SUBJECTS;

/** The subject of a query. */
export function subjectOf(query: Query, by: SubjectField): string {
  return SUBJECTS[by](query);
}

/** The field that tells queries apart: their kind where there are several, else their source. */
export function tellingField(queries: readonly Query[]): SubjectField {
  return queries.some(({ kind }) => kind !== queries[0]!.kind) ? 'kind' : 'source';
}
