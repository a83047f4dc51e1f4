import { describe, expect, it } from 'vitest';
import { countWords, rarityAmong, wordOverlap } from '../../../study/leaks/word-overlap.js';

const even = () => 1;

describe('wordOverlap', () => {
  it.each([
    ['a b c', 'a b c', 1],
    ['A, b! C', 'c b a', 1],
    ['a b', 'c d', 0],
    ['a a b', 'a b', 2 / 3],
    ['a b c d', 'a b', 0.5],
    ['…', '—', 0],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(wordOverlap(countWords(a), countWords(b), even)).toBeCloseTo(expected, 12);
    expect(wordOverlap(countWords(b), countWords(a), even)).toBeCloseTo(expected, 12);
  });

  it('weighs rare words more', () => {
    const rarity = rarityAmong(['the old ship', 'the old barn', 'the new ship', 'the zebra'].map(countWords));
    const [query, rare, common] = ['the old zebra', 'a zebra', 'the old'].map(countWords);
    expect(rarity('zebra')).toBeGreaterThan(rarity('old'));
    expect(rarity('the')).toBeGreaterThan(0);
    expect(wordOverlap(countWords('zebra the'), countWords('zebra old'), rarity)).toBeGreaterThan(
      wordOverlap(countWords('zebra the'), countWords('unheard the'), rarity),
    );
    expect(wordOverlap(query!, rare!, rarity)).toBeGreaterThan(0);
    expect(wordOverlap(query!, common!, rarity)).toBeGreaterThan(0);
  });
});
