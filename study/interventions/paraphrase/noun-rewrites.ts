import { PLACE_CHANCE, type RewriteContext } from './rewrite.js';
import { capitalise, FUNCTION_WORDS } from './words.js';

const AFTER_NOUNS = 'of|in|to|for|with|by|at|on|from|is|are|was|were|will|shall|must|can|have|has|which|that';
const OWNERS =
  'nation|country|people|government|president|world|state|states|army|navy|treasury|union|republic|department|captain|ship|whale|king|citizens|workers|farmers|boat|crew|sea|enemy|public|sailor|community|city|law|Congress|Nation|Government|Senate|President|Union|Treasury|Army|Navy|Republic|Country|World';
const NOT_OWNED =
  /^(?:rest|part|most|end|case|one|use|face|middle|midst|course|side|number|whole|majority|top|bottom|time|day|year|name|hands|people|citizens|head|heads|edge|opinion|attention|state|city|way)$/;

/** `the peace and prosperity of` → `the prosperity and peace of`. */
export function swapCoordinates(text: string, { random, isNoun }: RewriteContext): string {
  const pattern = new RegExp(
    `\\b((?:the|our|their|his|its|my|your|of|in|for|with|by|between|both|from|to|all) )([a-z]{3,}) (and|or) ([a-z]{3,})(?=[.,;:!?]|$| (?:${AFTER_NOUNS})\\b)`,
    'g',
  );
  return text.replace(pattern, (found, before: string, a: string, joint: string, b: string) =>
    isNoun(a) && isNoun(b) && random() < PLACE_CHANCE ? `${before}${b} ${joint} ${a}` : found,
  );
}

/** `of peace and prosperity` → `of peace as well as prosperity`. */
export function toAsWellAs(text: string, { random, isNoun }: RewriteContext): string {
  const pattern = new RegExp(
    `\\b((?:the|our|their|his|its|my|your|of|in|for|with|by|from|to) (?:[a-z]{4,} )?[a-z]{3,}) and ((?:the |our |their |his |its |of |in |for |with |by |from )?)([a-z]{3,})(?=[.,;:!?]|$| (?:${AFTER_NOUNS})\\b)`,
    'g',
  );
  return text.replace(pattern, (found, first: string, before: string, second: string) =>
    isNoun(first.split(' ').at(-1)!) && isNoun(second) && random() < PLACE_CHANCE
      ? random() < 0.6
        ? `${first} as well as ${before}${second}`
        : `${first} and also ${before}${second}`
      : found,
  );
}

/** `the strength of the nation` → `the nation's strength`. */
export function toGenitive(text: string, { random }: RewriteContext): string {
  const pattern = new RegExp(
    `\\b([Tt]he) ([a-z]{3,}) of (the|our|this|that|every|each) (${OWNERS})(?=[.,;:!?]| (?:in|to|for|with|by|at|on|from|is|are|was|were|will|shall|must|can|have|has|and)\\b)`,
    'g',
  );
  return text.replace(pattern, (found, article: string, thing: string, the: string, owner: string) => {
    if (NOT_OWNED.test(thing) || FUNCTION_WORDS.has(thing) || random() >= PLACE_CHANCE) return found;
    const opened = article === 'The' ? capitalise(the) : the;
    return `${opened} ${owner}${owner.endsWith('s') && owner !== 'Congress' ? "'" : "'s"} ${thing}`;
  });
}

/** `our nation's strength` → `the strength of our nation`. */
export function fromGenitive(text: string, { random }: RewriteContext): string {
  return text.replace(
    /\b(the|our|their|his|its|my|this|that|The|Our|This) ([A-Za-z]{3,})['’]s ([a-z]{4,})(?=[.,;:!?]| (?:and|in|to|for|with|by|at|on|from|is|are|was|were|will|shall|must|can|have|has)\b)/g,
    (found, owner: string, noun: string, thing: string) => {
      if (FUNCTION_WORDS.has(thing) || random() >= PLACE_CHANCE) return found;
      const opened = /^[A-Z]/.test(owner) ? 'The' : 'the';
      return `${opened} ${thing} of ${owner.toLowerCase()} ${noun}`;
    },
  );
}
