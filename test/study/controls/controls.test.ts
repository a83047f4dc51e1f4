import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseEstimator, measure } from '../../../density/index.js';
import { indexCorpus, openUseLite } from '../../../indexer/index.js';
import { controlsOf, openStudy, queriesOf, querySetNamed, type Study } from '../../../store/index.js';
import { corpusControls, lengthControls } from '../../../study/controls/query-controls.js';
import { indexWords } from '../../../study/controls/word-index.js';
import { addQuerySet, measureControls } from '../../../study/index.js';
import { writeFiles } from '../../support/read-sources.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('controls of a text', () => {
  it('are its lengths and its share of digits', () => {
    expect(lengthControls('a 12\té')).toEqual({ characters: 6, bytes: 7, digit_share: 0.5 });
    expect(lengthControls('𝟙 😀')).toEqual({ characters: 3, bytes: 9, digit_share: 0.5 });
    expect(lengthControls(' ')).toMatchObject({ digit_share: 0 });
  });

  const index = indexWords([
    'The cat sat on the mat.',
    'The dog sat on the cat, and the cat sat on a log by the mill.',
  ]);

  it('are how common its words are', () => {
    // 22 words, 11 of them distinct; "the" comes 6 times.
    expect(index).toMatchObject({ words: 22, vocabulary: 11 });
    const { unigram_cross_entropy: entropy } = corpusControls('the zebra', index);
    expect(entropy).toBeCloseTo(-(Math.log(7 / 34) + Math.log(1 / 34)) / 2, 12);
  });

  it('are which of its n-grams the corpora have', () => {
    expect(corpusControls('A cat sat on the mat by the mill', index)).toMatchObject({
      words: 9,
      longest_ngram_seen_words: 5,
      // cat sat on, sat on the, on the mat, by the mill
      ngrams_seen_3: 4 / 7,
      ngrams_seen_5: 1 / 5,
      ngrams_seen_8: 0,
      verbatim_count: 0,
    });
    // Shorter than n, the whole counts as the one n-gram.
    expect(corpusControls('sat, ON the', index)).toMatchObject({
      ...{ ngrams_seen_3: 1, ngrams_seen_5: 1, ngrams_seen_8: 1, verbatim_count: 2 },
    });
    expect(corpusControls('?', index)).toEqual({ words: 0 });
  });
});

describe('measureControls', () => {
  let study: Study;
  const texts = [
    'A treaty of commerce was signed with Spain.',
    'The army has 12,000 men in arms.',
    'Basalt cools.',
  ];
  beforeAll(async () => {
    study = openStudy(tempFolder(), { write: true });
    const embedder = await openUseLite();
    const options = { role: 'pretrain', chunk: { by: 'document' }, holdOut: 0, seed: 1, key: 'k' } as const;
    async function* documents() {
      for (const [i, text] of texts.entries()) yield { key: `d${i}`, text, source: 's', meta: {} };
    }
    await indexCorpus(study, embedder, documents(), { ...options, name: 'mine' });
    await embedder.close();
    const lines = [texts[0], 'A treaty of commerce was refused.', '???'].map((text) =>
      JSON.stringify({ text }),
    );
    const base = writeFiles({ 'q.jsonl': lines.join('\n') });
    const part = { kind: 'query', files: ['q.jsonl'], chunk: { by: 'document' as const }, meta: [] };
    await addQuerySet(study, 'q', { part, base, seed: 1 });
  });
  afterAll(() => study.close());

  it('keeps them, with the nearest distance once that is measured', async () => {
    const options = { querySet: 'q', corpora: ['mine'] };
    const { id } = querySetNamed(study.db, 'q');
    const [verbatim, near, wordless] = queriesOf(study.db, id).map((query) => query.id) as [
      number,
      number,
      number,
    ];
    const before = measureControls(study, options);
    expect(before).toMatchObject({ words: 18, vocabulary: 18, queries: 3, measurement: null });
    expect(controlsOf(study.db, id).has('nearest_distance')).toBe(false);
    await measure(study, {
      ...{ name: 'base', querySet: 'q', corpora: ['mine'], kernel: 'exponential', seed: 1 },
      ...{ bandwidth: { value: 0.2, rule: 'given' }, neighbours: 2, documents: 2 },
      estimator: chooseEstimator(),
    });
    expect(measureControls(study, options).measurement).toBe('base');
    const controls = controlsOf(study.db, id);
    expect(controls.get('verbatim_count')).toEqual(
      new Map([
        [verbatim, 1],
        [near, 0],
      ]),
    );
    expect(controls.get('longest_ngram_seen_words')).toEqual(
      new Map([
        [verbatim, 8],
        [near, 5],
      ]),
    );
    expect(controls.get('words')!.get(wordless)).toBe(0);
    const nearest = controls.get('nearest_distance')!;
    expect(nearest.get(verbatim)).toBeLessThan(0.01);
    expect(nearest.get(near)).toBeGreaterThan(0.1);
  });

  it('refuses a set or corpus that is not there', () => {
    expect(() => measureControls(study, { querySet: 'x', corpora: ['mine'] })).toThrow('no query set "x"');
    expect(() => measureControls(study, { querySet: 'q', corpora: ['x'] })).toThrow('no corpus "x"');
  });
});
