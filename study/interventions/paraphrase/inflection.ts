import { IRREGULAR_ADJECTIVES, IRREGULAR_NOUNS, IRREGULAR_VERBS } from './irregular.js';
import type { PartOfSpeech } from './wordnet.js';

export type Form =
  | 'base'
  | 'plural'
  | 'third'
  | 'past'
  | 'participle'
  | 'gerund'
  | 'comparative'
  | 'superlative';

/** A reading of a word: the form of a lemma. */
export interface Reading {
  lemma: string;
  partOfSpeech: PartOfSpeech;
  form: Form;
}

const VERBS = new Map(IRREGULAR_VERBS.map(([lemma, ...forms]) => [lemma!, forms]));
const NOUNS = new Map(IRREGULAR_NOUNS.map(([lemma, plural]) => [lemma!, plural!]));
const ADJECTIVES = new Map(IRREGULAR_ADJECTIVES.map(([lemma, ...forms]) => [lemma!, forms]));
const THIRDS = new Map([
  ['be', 'is'],
  ['have', 'has'],
]);
/** Verbs of more than one syllable that double their last consonant: those stressed at the end. */
const DOUBLING =
  /(?:mit|fer|cur|pel|trol|bel|gret|get|gin|nul|cel|quip|quit|allot|upset|unplug|debar|disbar|deter|handicap|kidnap)$/;
const NOT_DOUBLING =
  /^(?:limit|vomit|visit|target|budget|suffer|offer|proffer|pilfer|differ|fidget|libel|label)$/;
const RULES: Record<PartOfSpeech, Partial<Record<Form, RegExp>>> = {
  noun: { base: /./, plural: /s$/ },
  verb: { base: /./, third: /s$/, past: /ed$/, participle: /ed$/, gerund: /ing$/ },
  adjective: { base: /./, comparative: /er$/, superlative: /est$/ },
  adverb: { base: /./, comparative: /er$/, superlative: /est$/ },
};
const SUFFIXES = ['s', 'es', 'ed', 'd', 'ing', 'er', 'r', 'est', 'st'];
const IRREGULAR = irregularReadings();

/** The form `form` of a lemma, after the exceptions and then the spelling rules of English. */
export function inflect(lemma: string, partOfSpeech: PartOfSpeech, form: Form): string {
  if (form === 'base') return lemma;
  if (form === 'plural') return NOUNS.get(lemma) ?? pluralOf(lemma);
  if (form === 'third') return THIRDS.get(lemma) ?? withS(lemma);
  if (form === 'past') return VERBS.get(lemma)?.[0] ?? withVowel(lemma, 'ed');
  if (form === 'participle') return VERBS.get(lemma)?.[1] ?? withVowel(lemma, 'ed');
  if (form === 'gerund') {
    if (lemma.endsWith('ie')) return `${lemma.slice(0, -2)}ying`;
    return partOfSpeech === 'verb' && /(?:[^aeiou]e|[^eo]ue)$/.test(lemma) && lemma.length > 2
      ? `${lemma.slice(0, -1)}ing`
      : `${doubled(lemma)}ing`;
  }
  const irregular = ADJECTIVES.get(lemma)?.[form === 'comparative' ? 0 : 1];
  return irregular ?? withVowel(lemma, form === 'comparative' ? 'er' : 'est');
}

/** The readings of a lower-case word whose lemma `isLemma` knows; a word may have several, or none. */
export function readingsOf(word: string, isLemma: (lemma: string, part: PartOfSpeech) => boolean): Reading[] {
  const readings: Reading[] = [];
  const add = (lemma: string, partOfSpeech: PartOfSpeech, form: Form) => {
    if (!isLemma(lemma, partOfSpeech)) return;
    if (readings.some((r) => r.lemma === lemma && r.partOfSpeech === partOfSpeech && r.form === form)) return;
    readings.push({ lemma, partOfSpeech, form });
  };
  for (const { lemma, partOfSpeech, form } of IRREGULAR.get(word) ?? []) add(lemma, partOfSpeech, form);
  const stems = stemsOf(word);
  for (const [part, forms] of Object.entries(RULES) as [PartOfSpeech, Partial<Record<Form, RegExp>>][]) {
    for (const [form, ending] of Object.entries(forms) as [Form, RegExp][]) {
      if (!ending.test(word)) continue;
      if (form === 'base') add(word, part, form);
      else for (const stem of stems) if (inflect(stem, part, form) === word) add(stem, part, form);
    }
  }
  return readings;
}

/** What may be left of a word without its ending; the inverse of `inflect` is found by trying each of them. */
function stemsOf(word: string): string[] {
  const stems = new Set<string>();
  for (const suffix of SUFFIXES) {
    if (!word.endsWith(suffix) || word.length < suffix.length + 2) continue;
    const stem = word.slice(0, -suffix.length);
    stems.add(stem).add(`${stem}e`);
    if (stem.endsWith('i')) stems.add(`${stem.slice(0, -1)}y`);
    if (stem.endsWith('y')) stems.add(`${stem.slice(0, -1)}ie`);
    if (stem.at(-1) === stem.at(-2)) stems.add(stem.slice(0, -1));
  }
  return [...stems];
}

function irregularReadings(): Map<string, Reading[]> {
  const readings = new Map<string, Reading[]>();
  const add = (word: string, reading: Reading) =>
    readings.set(word, [...(readings.get(word) ?? []), reading]);
  for (const [lemma, forms] of VERBS) {
    add(forms[0]!, { lemma, partOfSpeech: 'verb', form: 'past' });
    add(forms[1]!, { lemma, partOfSpeech: 'verb', form: 'participle' });
  }
  for (const [lemma, word] of THIRDS) add(word, { lemma, partOfSpeech: 'verb', form: 'third' });
  add('are', { lemma: 'be', partOfSpeech: 'verb', form: 'base' });
  add('were', { lemma: 'be', partOfSpeech: 'verb', form: 'past' });
  for (const [lemma, plural] of NOUNS) add(plural, { lemma, partOfSpeech: 'noun', form: 'plural' });
  for (const [lemma, forms] of ADJECTIVES) {
    for (const partOfSpeech of ['adjective', 'adverb'] as const) {
      add(forms[0]!, { lemma, partOfSpeech, form: 'comparative' });
      add(forms[1]!, { lemma, partOfSpeech, form: 'superlative' });
    }
  }
  return readings;
}

function pluralOf(lemma: string): string {
  if (lemma.endsWith('man') && lemma !== 'human' && lemma !== 'german' && lemma !== 'roman')
    return `${lemma.slice(0, -2)}en`;
  if (/(?:her|tomat|potat|ech|carg|neg|vet|embarg)o$/.test(lemma)) return `${lemma}es`;
  return withS(lemma);
}

function withS(lemma: string): string {
  if (/[^aeiou]y$/.test(lemma)) return `${lemma.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|(?:^|[^aeiou])(?:g|d)o)$/.test(lemma) ? `${lemma}es` : `${lemma}s`;
}

function withVowel(lemma: string, ending: string): string {
  if (lemma.endsWith('e')) return lemma + ending.slice(1);
  if (/[^aeiou]y$/.test(lemma)) return `${lemma.slice(0, -1)}i${ending}`;
  return doubled(lemma) + ending;
}

/** The lemma with its last consonant doubled where one stressed vowel stands before it. */
function doubled(lemma: string): string {
  if (!/(?:[^aeiou][aeiouy]|qu[aeiou])[bdfgklmnprtvz]$/.test(`-${lemma}`)) return lemma;
  const oneSyllable = (lemma.match(/[aeiouy]+/g) ?? []).length === 1;
  const stressed = oneSyllable || (DOUBLING.test(lemma) && !NOT_DOUBLING.test(lemma));
  return stressed ? lemma + lemma.at(-1) : lemma;
}
