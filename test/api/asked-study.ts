import { indexCorpus, openUseLite, type SourceDocument } from '../../indexer/index.js';
import { openStudy } from '../../store/index.js';
import { addQuerySet, project } from '../../study/index.js';
import { stateOfTheUnion } from '../indexer/texts.js';
import { writeFiles } from '../support/read-sources.js';

async function* documents(source: string, texts: readonly string[]): AsyncGenerator<SourceDocument> {
  for (const [i, text] of texts.entries()) yield { key: `${source}${i}`, text, source, meta: {} };
}

/** Sentences of an address that are in no corpus of the study. */
export function unseenSentences(count: number): string[] {
  return stateOfTheUnion()[21]!
    .match(/[^.]{30,200}\./g)!
    .slice(0, count)
    .map((text) => text.trim());
}

/** Makes a study of two corpora, 40 and 20 sentences of a State of the Union address. */
export async function makeAskedStudy(dir: string): Promise<void> {
  const study = openStudy(dir, { write: true });
  const embedder = await openUseLite();
  const sentences = stateOfTheUnion()[20]!
    .match(/[^.]{30,200}\./g)!
    .slice(0, 60);
  const options = { role: 'pretrain', chunk: { by: 'document' }, holdOut: 0, seed: 1, key: 'k' } as const;
  await indexCorpus(study, embedder, documents('a', sentences.slice(0, 40)), { ...options, name: 'first' });
  await indexCorpus(study, embedder, documents('b', sentences.slice(40)), { ...options, name: 'second' });
  await embedder.close();
  study.close();
}

/** The same with a query set `mine` of six unseen sentences, and a projection `pca`. */
export async function makeProjectedStudy(dir: string): Promise<void> {
  await makeAskedStudy(dir);
  const lines = unseenSentences(6).map((text) => JSON.stringify({ text }));
  const base = writeFiles({ 'q.jsonl': lines.join('\n') });
  const part = { kind: 'query', files: ['q.jsonl'], meta: [], chunk: { by: 'document' as const } };
  const study = openStudy(dir, { write: true });
  await addQuerySet(study, 'mine', { part, base, seed: 1 });
  await project(study, { method: 'pca' });
  study.close();
}
