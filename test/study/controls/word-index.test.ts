import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suffixArray } from '../../../study/controls/suffix-array.js';
import { indexWords } from '../../../study/controls/word-index.js';
import { wordsOf } from '../../../study/controls/words.js';

/** Starts of suffixes sorted by comparing them value by value. */
function sortedSuffixes(text: readonly number[]): number[] {
  return text
    .map((_, start) => start)
    .sort((a, b) => {
      while (a < text.length && b < text.length && text[a] === text[b]) [a, b] = [a + 1, b + 1];
      return (text[a] ?? -1) - (text[b] ?? -1);
    });
}

describe('suffixArray', () => {
  it.each([
    [[]],
    [[5]],
    [[0, 0, 0, 0]],
    [[2, 1, 0]],
    [[0, 1, 2]],
    [[2, 1, 4, 1, 4, 1, 0]],
    [[1, 0, 1, 0, 1, 0]],
  ])('sorts the suffixes of %j', (text) => {
    expect([...suffixArray(Int32Array.from(text), 5)]).toEqual(sortedSuffixes(text));
  });

  it.each([1, 2, 5, 1000])('sorts the suffixes of any text over %i values', (values) => {
    const text = fc.array(fc.nat(values), { maxLength: 300 });
    fc.assert(
      fc.property(text, (numbers) => {
        expect([...suffixArray(Int32Array.from(numbers), values)]).toEqual(sortedSuffixes(numbers));
      }),
      { numRuns: 300 },
    );
  });

  it('is linear: a million equal words, a million of period three', () => {
    for (const period of [1, 3]) {
      const suffixes = suffixArray(
        Int32Array.from({ length: 1e6 }, (_, i) => i % period),
        2,
      );
      expect(suffixes[0]).toBe(999_999);
      expect(new Set(suffixes).size).toBe(1e6);
    }
  });
});

describe('words', () => {
  it('are letters and digits, whatever the case, punctuation or typography', () => {
    expect([...wordsOf('It’s “Naïve”—the ﬁrst 2,000 Ⅳ’s!')]).toEqual([
      'it',
      's',
      'naïve',
      'the',
      'first',
      '2',
      '000',
      'iv',
      's',
    ]);
    expect([...wordsOf(' …? ')]).toEqual([]);
    expect([...wordsOf('日本 हिन्दी')]).toEqual(['日本', 'हिन्दी']);
  });
});

describe('indexWords', () => {
  const texts = fc.array(
    fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }).map((words) => words.join(' ')),
    { maxLength: 6 },
  );
  const asked = fc.array(fc.constantFrom('a', 'b', 'c', 'unknown'), { minLength: 1, maxLength: 8 });

  it('counts and follows sequences as looking through the texts does', () => {
    fc.assert(
      fc.property(texts, asked, (corpus, words) => {
        const index = indexWords(corpus);
        const times = (some: readonly string[]) =>
          corpus.reduce((sum, text) => {
            const all = text.split(' ');
            return sum + all.filter((_, i) => some.every((word, j) => all[i + j] === word)).length;
          }, 0);
        const encoded = index.encode(words.join(' '));
        expect(index.count(encoded)).toBe(times(words));
        let longest = 0;
        while (longest < words.length && times(words.slice(0, longest + 1)) > 0) longest++;
        expect(index.longestFrom(encoded, 0)).toBe(longest);
        expect(index.words).toBe(corpus.flatMap((text) => text.match(/\w+/g) ?? []).length);
      }),
      { numRuns: 500 },
    );
  });

  it('does not follow a sequence from one text into the next', () => {
    const index = indexWords(['one two', 'three four']);
    expect(index.count(index.encode('two three'))).toBe(0);
    expect(index.longestFrom(index.encode('one two three'), 0)).toBe(2);
    expect(index).toMatchObject({ words: 4, vocabulary: 4 });
  });
});
