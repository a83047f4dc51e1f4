import type { WordIndex } from './word-index.js';

/** Lengths of the n-grams whose share seen is a control. */
const NGRAMS = [3, 5, 8] as const;

/** Controls that a text has by itself: its length, and the share of its characters but spaces that are digits. */
export function lengthControls(text: string): Record<string, number> {
  const characters = [...text];
  const visible = characters.filter((character) => !/\s/u.test(character));
  const digits = visible.filter((character) => /\p{Nd}/u.test(character)).length;
  return {
    characters: characters.length,
    bytes: Buffer.byteLength(text),
    digit_share: visible.length === 0 ? 0 : digits / visible.length,
  };
}

/**
 * Controls that a text has against the words of corpora; none but `words` for a text without a word.
 *
 * `unigram_cross_entropy` is in nats a word: the mean of −log((count + 1) / (words + vocabulary + 1)), add-one smoothed
 * with one place for all words that never occur. `longest_ngram_seen_words` is the length of the longest run of the
 * text's words that occurs in the corpora, `ngrams_seen_n` the share of its n-grams that do (of a text shorter than n,
 * the whole), and `verbatim_count` how often all its words in a row do.
 */
export function corpusControls(text: string, index: WordIndex): Record<string, number> {
  const words = index.encode(text);
  if (words.length === 0) return { words: 0 };
  const longest = Int32Array.from(words, (_, from) => index.longestFrom(words, from));
  const seen = NGRAMS.map((n): [string, number] => {
    const size = Math.min(n, words.length);
    const starts = longest.subarray(0, words.length - size + 1);
    return [
      `ngrams_seen_${n}`,
      starts.reduce((sum, length) => sum + Number(length >= size), 0) / starts.length,
    ];
  });
  return {
    words: words.length,
    unigram_cross_entropy: unigramCrossEntropy(words, index),
    longest_ngram_seen_words: longest.reduce((a, b) => Math.max(a, b), 0),
    ...Object.fromEntries(seen),
    verbatim_count: longest[0] === words.length ? index.count(words) : 0,
  };
}

function unigramCrossEntropy(words: Int32Array, index: WordIndex): number {
  const total = index.words + index.vocabulary + 1;
  const sum = words.reduce((before, _, i) => {
    return before - Math.log((index.count(words.subarray(i, i + 1)) + 1) / total);
  }, 0);
  return sum / words.length;
}
