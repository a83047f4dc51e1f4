import { PHRASES } from './phrases.js';
import { PLACE_CHANCE, type RewriteContext } from './rewrite.js';
import { capitalise } from './words.js';

const PHRASE_PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}'’-])(?:${[...PHRASES.keys()]
    .sort((a, b) => b.length - a.length)
    .map((phrase) => phrase.replace(/ /g, '\\s+'))
    .join('|')})(?![\\p{L}\\p{N}'’-])`,
  'giu',
);

/** Where the text holds a phrase that is replaced, or kept, as a whole: its words are no single words to change. */
export function phrasesIn(text: string): { start: number; end: number }[] {
  return [...text.matchAll(PHRASE_PATTERN)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Puts other phrases in for those of `PHRASES` found in the text. */
export function replacePhrases(text: string, { random }: RewriteContext): string {
  return text.replace(PHRASE_PATTERN, (found: string, at: number) => {
    const key = found.toLowerCase().replace(/\s+/g, ' ');
    const others = PHRASES.get(key) ?? [];
    const plain = found.slice(1) === found.slice(1).toLowerCase();
    if (others.length === 0 || !plain || random() >= PLACE_CHANCE) return found;
    const other = others[Math.floor(random() * others.length)]!.replace(/^i\b/, 'I');
    // `I` is no sentence's capital; anything else keeps the one it had.
    return /^\p{Lu}/u.test(found) && !key.startsWith('i ')
      ? capitalise(other)
      : withOpening(text.slice(Math.max(0, at - 8), at), found, other);
  });
}

/** `it is my hope` for `I hope` at the start of a sentence wants its capital. */
function withOpening(before: string, found: string, other: string): string {
  return found.startsWith('I') && /(?:^|[.!?]["'”’)]*\s+)$/.test(before) ? capitalise(other) : other;
}
