import { z } from 'zod';
import { corpusByName, documentByKey, listCorpora, type Study } from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { notFound } from '../problem.js';
import { nameParameter } from '../schemas/common.js';
import { type DocumentView, documentSchema } from '../schemas/tables.js';

/** GET /corpora/{corpus}/documents/{document}: a document whole, with the places of its chunks. */
export function documentEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/corpora/{corpus}/documents/{document}',
      operation: 'getDocument',
      summary: 'A document of a corpus, with the places of its chunks.',
      params: z.object({
        corpus: nameParameter,
        document: z.string().min(1).max(2000, 'use an id of at most 2,000 characters'),
      }),
      answer: documentSchema,
      handle: ({ params: { corpus, document } }) => readDocument(study, corpus, document),
    }),
  ];
}

function readDocument({ db }: Study, corpusName: string, key: string): DocumentView {
  const corpus = corpusByName(db, corpusName);
  if (!corpus) {
    const names = listCorpora(db).map(({ name }) => name);
    throw notFound('corpus', corpusName, `There are: ${names.join(', ') || 'none'}.`);
  }
  const found = documentByKey(db, corpus.id, key);
  if (!found) throw notFound('document', key, `Corpus "${corpusName}" has no document with this id.`);
  const { source, split, meta, text, chunks } = found;
  return { corpus: corpusName, key, source, split, meta, text, chunks };
}
