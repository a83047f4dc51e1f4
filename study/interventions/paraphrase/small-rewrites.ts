import { PLACE_CHANCE, type RewriteContext } from './rewrite.js';
import { FUNCTION_WORDS } from './words.js';

/** `by day and by night` → `by day and also by night`, once a sentence. */
export function toAndAlso(sentence: string): string {
  return sentence.replace(
    /\band (?=(?:in|for|by|to|of|with|from|on|at|our|their|its|his|these|those|upon|through) )/,
    'and also ',
  );
}

/** `it is a time of` → `it is indeed a time of`, once a sentence. */
export function putInAdverb(sentence: string, { random }: RewriteContext): string {
  const adverb = ['indeed', 'in fact', 'truly'][Math.floor(random() * 3)]!;
  return sentence.replace(
    /\b(is|are|was|were|am) (?=(?:the|a|an|of|to be|in|at|on|my|our|made|now)\b)/,
    `$1 ${adverb} `,
  );
}

/** `a plan which is based on` → `a plan based on`. */
export function shortenRelative(text: string, { random }: RewriteContext): string {
  return text.replace(
    /\b([a-z]{3,}) (?:which|that) (?:is|are|was|were) (?=([a-z]{3,}ed|made|given|taken|known|set|laid|held)\b)/g,
    (found, noun: string) => (FUNCTION_WORDS.has(noun) || random() >= PLACE_CHANCE ? found : `${noun} `),
  );
}

/** `I believe that we can` → `I believe we can`. */
export function leaveOutThat(text: string, { random }: RewriteContext): string {
  return text.replace(
    /\b(believe|think|hope|know|say|said|thought|knew|feel|suppose|sure|certain|confident) that (?=(?:we|I|they|he|she|you|our|the)\b)/g,
    (found, verb: string) => (random() < PLACE_CHANCE ? `${verb} ` : found),
  );
}

/** `I believe we can` → `I believe that we can`. */
export function putInThat(text: string, { random }: RewriteContext): string {
  return text.replace(
    /\b((?:I|[Ww]e|[Tt]hey) (?:believe|think|hope|know|trust|suppose)) (?=(?:we|I|they|he|she|our|this|these)\b)/g,
    (found, verb: string) => (random() < PLACE_CHANCE ? `${verb} that ` : found),
  );
}

/** `a law which has` → `a law that has`; not after a comma, nor after a preposition, where only `which` stands. */
export function whichToThat(text: string, { random }: RewriteContext): string {
  return text.replace(/\b([a-z]{3,}) which (?=[a-z])/g, (found, before: string) =>
    FUNCTION_WORDS.has(before) || random() >= PLACE_CHANCE ? found : `${before} that `,
  );
}
