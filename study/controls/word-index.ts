import { corpusNamed, documentsOf, type OnProgress, type Study } from '../../store/index.js';
import { suffixArray } from './suffix-array.js';
import { END, wordSequence } from './word-sequence.js';
import { wordsOf } from './words.js';

/** Every sequence of words in some texts, to be counted exactly. Sequences do not cross texts. */
export interface WordIndex {
  /** Words in all. */
  readonly words: number;
  /** Distinct words. */
  readonly vocabulary: number;
  /** The numbers of a text's words; those that never occur are 0. */
  encode(text: string): Int32Array;
  /** How often a sequence of words occurs. */
  count(words: Int32Array): number;
  /** How many of the words from `from` on, in a row, occur so somewhere: 0 where not even the first does. */
  longestFrom(words: Int32Array, from: number): number;
}

/** Indexes the words of texts by a suffix array; memory is 8 bytes a word, some 30 while it is built. */
export function indexWords(texts: Iterable<string>): WordIndex {
  const { sequence, numberOf, words: total } = wordSequence(texts);
  const suffixes = suffixArray(sequence, numberOf.size);
  const bucket = bucketStarts(sequence, numberOf.size);

  /** The first of the suffixes `low` to `high` − 1 whose word at `depth` is at least `word`. */
  function firstAtLeast(word: number, depth: number, low: number, high: number): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (sequence[suffixes[middle]! + depth]! < word) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Follows the words from `from` on as far as they occur, to at most `end`; how far, and how often that occurs. */
  function follow(words: Int32Array, from: number, end: number): { depth: number; count: number } {
    const first = words[from] ?? END;
    if (first === END) return { depth: 0, count: 0 };
    let [low, high] = [bucket[first]!, bucket[first + 1]!];
    let depth = 1;
    for (; from + depth < end; depth++) {
      const word = words[from + depth]!;
      if (word === END) break;
      const start = firstAtLeast(word, depth, low, high);
      const stop = firstAtLeast(word + 1, depth, start, high);
      if (start === stop) break;
      [low, high] = [start, stop];
    }
    return { depth, count: high - low };
  }

  return {
    words: total,
    vocabulary: numberOf.size,
    encode: (text) => Int32Array.from(wordsOf(text), (word) => numberOf.get(word) ?? END),
    count(words) {
      const { depth, count } = follow(words, 0, words.length);
      return depth === words.length ? count : 0;
    },
    longestFrom: (words, from) => follow(words, from, words.length).depth,
  };
}

/**
 * Indexes the words of the training documents of corpora.
 *
 * @throws UsageError for a corpus that is not there
 */
export function indexCorpora(study: Study, corpora: readonly string[], onProgress?: OnProgress): WordIndex {
  return indexWords(textsOf(study, corpora, onProgress));
}

const SHOWN_EVERY = 1000;

function* textsOf({ db }: Study, corpora: readonly string[], onProgress?: OnProgress): Generator<string> {
  let done = 0;
  for (const { id } of corpora.map((name) => corpusNamed(db, name))) {
    for (const { text } of documentsOf(db, id, 'train')) {
      yield text;
      if (++done % SHOWN_EVERY === 0) onProgress?.({ step: 'indexing words', done, unit: 'documents' });
    }
  }
}

/** (vocabulary + 2): the suffixes that begin with a word are those from bucket[word] to bucket[word + 1] − 1. */
function bucketStarts(sequence: Int32Array, vocabulary: number): Int32Array {
  const bucket = new Int32Array(vocabulary + 2);
  for (let i = 0; i < sequence.length; i++) bucket[sequence[i]! + 1]!++;
  for (let word = 1; word < bucket.length; word++) bucket[word]! += bucket[word - 1]!;
  return bucket;
}
