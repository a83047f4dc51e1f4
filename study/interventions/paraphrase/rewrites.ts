import { joinSentences, moveLead, moveTail, splitSentence } from './clause-rewrites.js';
import { CONTRACTIONS, EXPANSIONS, OPENERS, QUANTITIES } from './contractions.js';
import { fromGenitive, swapCoordinates, toAsWellAs, toGenitive } from './noun-rewrites.js';
import { replacePhrases } from './phrase-rewrites.js';
import { eachSentence, type Rewrite, type RewriteContext, replaceEach } from './rewrite.js';
import {
  leaveOutThat,
  putInAdverb,
  putInThat,
  shortenRelative,
  toAndAlso,
  whichToThat,
} from './small-rewrites.js';

/** The rewrites, in the order in which they are tried. */
export const REWRITES: readonly Rewrite[] = [
  { name: 'expand contractions', chance: 0.9, apply: replaceEach(EXPANSIONS) },
  { name: 'move the opening clause to the end', chance: 0.6, apply: eachSentence(moveLead) },
  { name: 'move the closing clause to the front', chance: 0.6, apply: eachSentence(moveTail) },
  { name: 'split a sentence', chance: 0.5, apply: splitSentence },
  { name: 'join two sentences', chance: 0.4, apply: joinSentences },
  { name: 'swap two nouns joined by and', chance: 0.7, apply: swapCoordinates },
  { name: 'of to genitive', chance: 0.5, apply: toGenitive },
  { name: 'genitive to of', chance: 0.6, apply: fromGenitive },
  { name: 'which to that', chance: 0.6, apply: whichToThat },
  { name: 'shorten a relative clause', chance: 0.7, apply: shortenRelative },
  { name: 'and to as well as', chance: 0.5, apply: toAsWellAs },
  { name: 'leave out that', chance: 0.6, apply: leaveOutThat },
  { name: 'put in that', chance: 0.6, apply: putInThat },
  { name: 'and to and also', chance: 0.5, apply: eachSentence(toAndAlso) },
  { name: 'put in an adverb', chance: 0.5, apply: eachSentence(putInAdverb) },
  { name: 'quantities', chance: 0.9, apply: replaceEach(QUANTITIES) },
  { name: 'phrases', chance: 1, apply: replacePhrases },
  { name: 'opening words', chance: 0.7, apply: replaceEach(OPENERS) },
  { name: 'contract', chance: 0.45, apply: replaceEach(CONTRACTIONS) },
];

/** The rewrites that fit, each tried with its own chance, one after the other. */
export function rewrite(text: string, context: RewriteContext): string {
  let result = text;
  for (const rule of REWRITES) {
    if (context.random() < rule.chance) result = rule.apply(result, context);
  }
  return result;
}
