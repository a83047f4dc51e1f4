import { PLACE_CHANCE, type RewriteContext } from './rewrite.js';
import { capitalise, sentencesOf, uncapitalise } from './words.js';

const LEAD_PATTERN =
  /^((?:In|On|At|During|After|Before|Under|By|For|Since|Within|Throughout|From|Through|Without|With|If|When|While|Although|Though|Because|Unless|As|Until|Upon) [^,;:.!?]{3,80}), ([^,;:.!?]{8,})([.!])(\s*)$/u;
// After these `when` or `if` belongs to the word before.
const BOUND_TO_CLAUSE =
  /\b(?:time|times|day|days|moment|period|hour|as|even|only|and|or|but|that|know|knows|see|ask|just|is|was|what|where|how|which)$/;

/** `In 1990, they met.` → `They met in 1990.`; only with one comma, so that the clause is the whole of the opening. */
export function moveLead(sentence: string): string | undefined {
  const match = sentence.match(LEAD_PATTERN);
  if (!match) return undefined;
  const [, lead = '', main = '', stop = '', space = ''] = match;
  if (/^(?:and|but|or|nor|then|so|let|as|who|which)\b/i.test(main)) return undefined;
  const moved = uncapitalise(lead);
  return moved && `${capitalise(main)} ${moved}${stop}${space}`;
}

/** `We met because it rained.` → `Because it rained, we met.`; `We met in 1990.` → `In 1990, we met.` */
export function moveTail(sentence: string): string | undefined {
  const match = sentence.match(
    /^(\p{Lu}[^,;:.!?]{8,}?) (because|although|if|unless|when|in(?= \d{4}[.!])|during(?= the year \d{4}[.!])) ([^,;:.!?]{4,})([.!])(\s*)$/u,
  );
  if (!match) return undefined;
  const [, main = '', joint = '', clause = '', stop = '', space = ''] = match;
  if (BOUND_TO_CLAUSE.test(main)) return undefined;
  const moved = uncapitalise(main);
  return moved && `${capitalise(joint)} ${clause}, ${moved}${stop}${space}`;
}

/** `They left; we stayed.` → `They left. We stayed.` */
export function splitSentence(text: string, { random }: RewriteContext): string {
  return text.replace(
    /(\w); (?:(and|but) )?(?=(?:we|I|it|he|she|they|this|these|the|there|in|our|that)\s)(\w)|(\w), and (?=(?:we|I|they|there|it) (?:am|is|are|was|were|have|has|will|shall|must|can|should)\b)(\w)/g,
    (found, before?: string, joint?: string, first?: string, before2?: string, first2?: string) => {
      if (random() >= PLACE_CHANCE) return found;
      if (before2 !== undefined) return `${before2}. ${first2!.toUpperCase()}`;
      return joint === 'but' ? `${before}. But ${first}` : `${before}. ${first!.toUpperCase()}`;
    },
  );
}

/** Two short sentences become one, the second after a semicolon; its first word must be one that is no name. */
export function joinSentences(text: string, { random }: RewriteContext): string {
  const sentences = sentencesOf(text);
  for (let i = 0; i + 1 < sentences.length; i++) {
    const next = /^(?:The|It|We|This|These|They|There|He|She|Our|That|But|And|In|I)\s/.test(sentences[i + 1]!)
      ? uncapitalise(sentences[i + 1]!)
      : undefined;
    const short = sentences[i]!.length + sentences[i + 1]!.length < 240;
    if (next === undefined || !short || !/[^.]\.\s+$/.test(sentences[i]!) || random() >= PLACE_CHANCE)
      continue;
    sentences.splice(i, 2, `${sentences[i]!.replace(/\.\s+$/, '; ')}${next}`);
  }
  return sentences.join('');
}
