import { wordsOf } from './words.js';

/** Texts as one sequence of numbers. */
export interface WordSequence {
  /** (words + texts): each word's number, from 1 in the order of first occurrence, and END behind each text. */
  sequence: Int32Array;
  numberOf: ReadonlyMap<string, number>;
  /** Words in all. */
  words: number;
}

/** Ends a text; no word has this number. */
export const END = 0;

/** Numbers the words of texts; memory is 4 bytes a word beside the vocabulary, twice that while it grows. */
export function wordSequence(texts: Iterable<string>): WordSequence {
  const numberOf = new Map<string, number>();
  let sequence = new Int32Array(1 << 16);
  let length = 0;
  let ended = 0;
  const push = (number: number) => {
    if (length === sequence.length) {
      const longer = new Int32Array(2 * length);
      longer.set(sequence);
      sequence = longer;
    }
    sequence[length++] = number;
  };
  for (const text of texts) {
    for (const word of wordsOf(text)) {
      const number = numberOf.get(word) ?? numberOf.size + 1;
      numberOf.set(word, number);
      push(number);
    }
    push(END);
    ended++;
  }
  return { sequence: sequence.subarray(0, length), numberOf, words: length - ended };
}
