import { ngramOverlap } from './ngram-overlap.js';
import { FUNCTION_WORDS, NUMBER_WORDS, wordsOf } from './words.js';

/** The limits that a paraphrase must keep to. */
export interface Limits {
  /** Words in the n-grams compared. */
  ngram: number;
  /** Highest n-gram overlap with the source (`ngramOverlap`). */
  maxOverlap: number;
  /** Highest n-gram overlap with a paraphrase already accepted. */
  maxOverlapOfTwo: number;
  /** Lowest word edit distance to the source, over the source's words. */
  minEditShare: number;
  /** Lowest part of the source's content words that are gone. */
  minContentShare: number;
  /** Whether names and numbers must be the source's. */
  sameNames: boolean;
  sameNumbers: boolean;
  /** Shortest and longest, as a multiple of the source's characters. */
  length: readonly [number, number];
}

export const DEFAULT_LIMITS: Limits = {
  ngram: 4,
  maxOverlap: 0.6,
  maxOverlapOfTwo: 0.9,
  minEditShare: 0.15,
  minContentShare: 0.1,
  sameNames: true,
  sameNumbers: true,
  length: [0.6, 1.6],
};

/** Why a text is no acceptable paraphrase. */
export type Rejection =
  | 'copy'
  | 'names'
  | 'numbers'
  | 'length'
  | 'overlap'
  | 'edit-share'
  | 'content-words'
  | 'alike'
  | 'repeated-word';

/** What is compared of a text; made once for a source. */
export interface Compared {
  text: string;
  words: string[];
  numbers: string;
  /** Exact-case words, without what follows an apostrophe, and how many there are of each. */
  exact: Map<string, number>;
  names: Set<string>;
}

/** Takes a text apart for `judge`; `isCommon` says which lower-case words are no names. */
export function compared(text: string, isCommon: (word: string) => boolean): Compared {
  const exact = new Map<string, number>();
  const names = new Set<string>();
  const all = wordsOf(text);
  for (const { text: word, opensSentence } of all) {
    const stem = word.replace(/['’].*$/u, '');
    exact.set(stem, (exact.get(stem) ?? 0) + 1);
    const isCapital = /^\p{Lu}/u.test(stem) && stem !== 'I';
    if (isCapital && (!opensSentence || !isCommon(stem.toLowerCase()))) names.add(stem);
  }
  const words = all.map((word) => word.text.toLowerCase());
  const numbers = words.filter((word) => /\p{N}/u.test(word) || NUMBER_WORDS.has(word)).sort();
  return { text, words, numbers: numbers.join(' '), exact, names };
}

/** The first limit that `candidate` breaks as a paraphrase of `source` beside those accepted before; or undefined. */
export function judge(
  source: Compared,
  candidate: Compared,
  accepted: readonly Compared[],
  limits: Limits,
): Rejection | undefined {
  const isCopy = (other: Compared) => other.words.join(' ') === candidate.words.join(' ');
  if (isCopy(source) || accepted.some(isCopy)) return 'copy';
  if (limits.sameNumbers && candidate.numbers !== source.numbers) return 'numbers';
  const names = limits.sameNames ? new Set([...source.names, ...candidate.names]) : [];
  for (const name of names) if (source.exact.get(name) !== candidate.exact.get(name)) return 'names';
  if (repeats(candidate.words) > repeats(source.words)) return 'repeated-word';
  const ratio = candidate.text.length / source.text.length;
  if (ratio < limits.length[0] || ratio > limits.length[1]) return 'length';
  if (ngramOverlap(source.words, candidate.words, limits.ngram) > limits.maxOverlap) return 'overlap';
  if (editDistance(source.words, candidate.words) / source.words.length < limits.minEditShare)
    return 'edit-share';
  if (goneShare(source.words, candidate.words) < limits.minContentShare) return 'content-words';
  const isAlike = (other: Compared) =>
    ngramOverlap(other.words, candidate.words, limits.ngram) > limits.maxOverlapOfTwo;
  return accepted.some(isAlike) ? 'alike' : undefined;
}

/** How many words follow themselves, as in `able to to`. */
function repeats(words: readonly string[]): number {
  return words.filter((word, i) => word === words[i - 1]).length;
}

/** The part of the content words of `source` (with repeats) that `candidate` does not have. */
function goneShare(source: readonly string[], candidate: readonly string[]): number {
  const has = new Set(candidate);
  const content = source.filter((word) => word.length > 3 && !FUNCTION_WORDS.has(word));
  return content.length === 0 ? 1 : content.filter((word) => !has.has(word)).length / content.length;
}

/** The fewest words to insert, delete or replace to make `b` of `a` (Levenshtein 1966). */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint32Array(b.length + 1);
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
