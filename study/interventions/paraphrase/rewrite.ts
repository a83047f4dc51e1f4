import { sentencesOf } from './words.js';

/** What a rewrite may ask: a uniform draw from [0, 1), and whether a lower-case word can be a plain noun. */
export interface RewriteContext {
  random: () => number;
  isNoun: (word: string) => boolean;
}

/** A rewrite that keeps the meaning; where it finds nothing to do the text comes back as it was. */
export interface Rewrite {
  name: string;
  /** How likely it is to be tried on a text. */
  chance: number;
  apply: (text: string, context: RewriteContext) => string;
}

/** Every place that fits is changed with this chance, so that two draws differ. */
export const PLACE_CHANCE = 0.8;

/** A change to a sentence, made to each sentence of a text with `PLACE_CHANCE`. */
export function eachSentence(
  change: (sentence: string, context: RewriteContext) => string | undefined,
): Rewrite['apply'] {
  return (text, context) =>
    sentencesOf(text)
      .map((sentence) =>
        context.random() < PLACE_CHANCE ? (change(sentence, context) ?? sentence) : sentence,
      )
      .join('');
}

/** Replaces what the patterns match, each place with `PLACE_CHANCE`; `$1` is the first group. */
export function replaceEach(rules: readonly (readonly [RegExp, string])[]): Rewrite['apply'] {
  return (text, { random }) =>
    rules.reduce(
      (done, [pattern, to]) =>
        done.replace(pattern, (found: string, ...groups: unknown[]) =>
          random() < PLACE_CHANCE ? to.replace(/\$1/g, String(groups[0] ?? '')) : found,
        ),
      text,
    );
}
