import { beforeAll, describe, expect, it } from 'vitest';
import {
  corpusNamed,
  DataError,
  ensureCorpus,
  Interrupted,
  listProjections,
  openStudy,
  placesOfCorpus,
  placesOfQueries,
  projectionNamed,
  removeDocuments,
  type Study,
  UsageError,
} from '../../../store/index.js';
import { addQuerySet, ask, project } from '../../../study/index.js';
import { makeAskedStudy, unseenSentences } from '../../api/asked-study.js';
import { writeFiles } from '../../support/read-sources.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('project', () => {
  const dir = tempFolder();
  let study: Study;
  beforeAll(async () => {
    await makeAskedStudy(dir);
    study = openStudy(dir, { write: true });
    const lines = unseenSentences(6).map((text) => JSON.stringify({ text }));
    const base = writeFiles({ 'q.jsonl': lines.join('\n') });
    const part = { kind: 'query', files: ['q.jsonl'], meta: [], chunk: { by: 'document' as const } };
    await addQuerySet(study, 'mine', { part, base, seed: 1 });
  });

  it.each(['pca', 'umap'] as const)('places all points and queries: %s', async (method) => {
    const said: string[] = [];
    const made = await project(study, { method, onProgress: ({ step }) => void said.push(step) });
    expect(made).toMatchObject({
      ...{ name: method, method, landmarks: 60 },
      corpora: [
        { name: 'first', points: 40 },
        { name: 'second', points: 20 },
      ],
      querySets: [{ name: 'mine', queries: 6 }],
    });
    expect(said).toContain('placing second');
    const places = placesOfCorpus(study.db, made.id, corpusNamed(study.db, 'first').id)!;
    expect(places).toHaveLength(80);
    const { x, y } = made.extent;
    for (let i = 0; i < 80; i += 2) {
      expect(places[i]).toBeGreaterThanOrEqual(x[0]);
      expect(places[i]).toBeLessThanOrEqual(x[1]);
      expect(places[i + 1]).toBeGreaterThanOrEqual(y[0]);
      expect(places[i + 1]).toBeLessThanOrEqual(y[1]);
    }
    expect(made.variance === null).toBe(method === 'umap');
  });

  it('places a text that is asked about where a query of the same text is', async () => {
    const text = unseenSentences(6)[4]!;
    const asked = await ask(study, [text], { kernel: 'exponential', neighbours: 0, projection: 'umap' });
    const { id, querySets } = projectionNamed(study.db, 'umap');
    const places = placesOfQueries(study.db, id, querySets[0]!.id)!;
    expect(asked.densities[0]!.place![0]).toBeCloseTo(places[8]!, 3);
    expect(asked.densities[0]!.place![1]).toBeCloseTo(places[9]!, 3);
    const options = { kernel: 'exponential', neighbours: 0, projection: 'none' } as const;
    await expect(ask(study, [text], options)).rejects.toThrow('There is no projection "none"; there are: ');
  });

  it('replaces one of the same name, and keeps others', async () => {
    await project(study, { method: 'pca', name: 'umap', corpora: ['second'] });
    expect(listProjections(study.db).map(({ name, method }) => [name, method])).toEqual([
      ['pca', 'pca'],
      ['umap', 'pca'],
    ]);
    expect(projectionNamed(study.db, 'umap').corpora.map(({ name }) => name)).toEqual(['second']);
  });

  it('is forgotten where documents of its corpora are removed', () => {
    removeDocuments(study, 'first', ['a0']);
    expect(listProjections(study.db).map(({ name }) => name)).toEqual(['umap']);
  });

  it('keeps nothing where it is interrupted', async () => {
    const signal = AbortSignal.abort();
    await expect(project(study, { method: 'umap', name: 'late', signal })).rejects.toThrow(Interrupted);
    expect(listProjections(study.db).map(({ name }) => name)).toEqual(['umap']);
  });

  it('refuses a corpus that is not there, and one without points', async () => {
    await expect(project(study, { method: 'pca', corpora: ['none'] })).rejects.toThrow(UsageError);
    const { embedder, fingerprint, dims } = corpusNamed(study.db, 'first');
    ensureCorpus(study.db, { name: 'empty', role: 'pretrain', embedder, fingerprint, dims });
    await expect(project(study, { method: 'pca', corpora: ['empty'] })).rejects.toThrow(DataError);
    const empty = openStudy(tempFolder(), { write: true });
    await expect(project(empty, { method: 'pca' })).rejects.toThrow('There is no corpus in');
    empty.close();
  });
});
