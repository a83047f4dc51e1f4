import { randomLcg } from 'd3';
import { type Compared, compared, DEFAULT_LIMITS, judge, type Limits, type Rejection } from './acceptance.js';
import { mendArticles } from './articles.js';
import { isEnglishWord, isUsuallyNoun } from './readings.js';
import { rewrite } from './rewrites.js';
import { findSubstitutions, type Substitution } from './synonyms.js';
import { readWordNet, type WordNet } from './wordnet.js';

export interface ParaphraseOptions extends Partial<Limits> {
  /** How many paraphrases to look for. */
  count: number;
  seed: number;
}

export interface Paraphrases {
  /** Up to `count` paraphrases, all different. */
  texts: string[];
  /** How many drafts were thrown away, by the limit that they broke. */
  rejected: Partial<Record<Rejection | 'too-long' | 'no-words', number>>;
}

export interface Paraphraser {
  paraphrase(text: string, options: ParaphraseOptions): Paraphrases;
}

/** Where paraphrases come from. */
export interface ParaphraseSource {
  /** What made them, for the manifest. */
  name: string;
  /** How many queries are worth asking about at once. */
  parallel: number;
  paraphrase(
    query: { key: string; text: string },
    options: { count: number; seed: number },
  ): Promise<Paraphrases>;
}

/** Passages longer than this many characters are documents, not queries. */
export const MAX_CHARACTERS = 8000;
const DRAFTS_PER_TEXT = 20;
/** Limits that more substitutions can still meet. */
const TOO_CLOSE: ReadonlySet<Rejection | undefined> = new Set([
  'copy',
  'overlap',
  'edit-share',
  'content-words',
  'alike',
]);

/** Reads WordNet (half a second, 200 MB) and gives the paraphraser of English prose that uses it. */
export async function openParaphraser(): Promise<Paraphraser> {
  const wordnet = await readWordNet();
  return { paraphrase: (text, options) => paraphrase(text, options, wordnet) };
}

/**
 * Draws paraphrases until `count` are accepted or twenty drafts for each were made: a draft is the text after some of the
 * `REWRITES`, with synonyms put in, the best-fitting first, until the limits are met. Throws RangeError when `count`
 * is not a whole number of 0 or more.
 */
function paraphrase(text: string, options: ParaphraseOptions, wordnet: WordNet): Paraphrases {
  const { count, seed } = options;
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`count must be 0 or more, not ${count}`);
  const limits: Limits = { ...DEFAULT_LIMITS, ...options };
  if (text.length > MAX_CHARACTERS) return { texts: [], rejected: { 'too-long': 1 } };
  const isCommon = (word: string) => isEnglishWord(word, wordnet);
  const source = compared(text, isCommon);
  if (source.words.length === 0) return { texts: [], rejected: { 'no-words': 1 } };

  const random = randomLcg(seed);
  const accepted: Compared[] = [];
  const rejected: Paraphrases['rejected'] = {};
  for (let draft = 0; draft < count * DRAFTS_PER_TEXT && accepted.length < count; draft++) {
    const rewritten = rewrite(text, { random, isNoun: (word) => isUsuallyNoun(word, wordnet) });
    const order = drawOrder(findSubstitutions(rewritten, wordnet), random);
    let candidate: Compared;
    let rejection: Rejection | undefined;
    // From one change in sixteen words, a few more at a time while the draft is still too close.
    let changes = Math.ceil(source.words.length / 16);
    const step = 1 + Math.ceil(source.words.length / 40);
    do {
      candidate = compared(mendArticles(substitute(rewritten, order.slice(0, changes))), isCommon);
      rejection = judge(source, candidate, accepted, limits);
      changes += step;
    } while (TOO_CLOSE.has(rejection) && changes < order.length + step);
    if (rejection === undefined) accepted.push(candidate);
    else rejected[rejection] = (rejected[rejection] ?? 0) + 1;
  }
  return { texts: accepted.map((candidate) => candidate.text), rejected };
}

interface Drawn {
  start: number;
  end: number;
  word: string;
}

/** One stand-in for each place, in an order that is random but favours those that fit. */
function drawOrder(substitutions: readonly Substitution[], random: () => number): Drawn[] {
  return substitutions
    .map(({ start, end, choices }) => {
      const scored = choices.map(({ word, fit }) => ({ start, end, word, score: fit * (0.35 + random()) }));
      return scored.sort((a, b) => b.score - a.score)[0]!;
    })
    .sort((a, b) => b.score - a.score);
}

/** The text with the drawn words in their places. */
function substitute(text: string, drawn: readonly Drawn[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, word } of [...drawn].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, start), word);
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
