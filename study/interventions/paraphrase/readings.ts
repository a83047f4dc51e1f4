import { type Reading, readingsOf } from './inflection.js';
import type { PartOfSpeech, WordNet } from './wordnet.js';
import { FUNCTION_WORDS, NUMBER_WORDS } from './words.js';

/** The words around one: lower case, empty at a mark of punctuation or an end of the text. */
export interface Neighbours {
  before: string;
  after: string;
}

// Below these a reading is a guess.
const MIN_READING_SHARE = 0.6;
const MIN_USE_SHARE = 0.15;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const DETERMINERS = words(
  'the a an this that these those our your their his her its my every each any some no such all both another whose other',
);
const MODALS = words('will shall may can must should would could might not cannot never');
export const SUBJECTS = words('we i they you he she it who which');
const PREPOSITIONS = words(
  'of in for with by from at on upon into between among under over against during without through toward towards within',
);
export const HAVE = words('have has had having');
export const BE = words('be is are was were been being am');

/** The one reading of a word that its neighbours and WordNet's tag counts leave; undefined when it stays open. */
export function readingInContext(word: string, near: Neighbours, wordnet: WordNet): Reading | undefined {
  const all = readings(word, wordnet);
  const inflected = all.some((reading) => reading.form !== 'base');
  // `steps`, `holding`, `realized` as lemmas of their own are rare or special senses.
  const left = all.filter((reading) => (reading.form !== 'base' || !inflected) && fits(reading, near));
  const byPart = weigh(left, wordnet);
  // A bare `grants` may be either: as a verb it needs a subject or an auxiliary before it.
  if (byPart.has('noun') && byPart.has('verb') && !isVerbPlace(near)) byPart.delete('verb');
  // `to face`, but `to peace`.
  if (near.before === 'to' && (byPart.get('verb') ?? 0) > MIN_USE_SHARE * (byPart.get('noun') ?? 0))
    byPart.delete('noun');
  const [part, weight] = [...byPart].sort((a, b) => b[1] - a[1])[0] ?? [];
  const sum = (weights: Map<PartOfSpeech, number>) => [...weights.values()].reduce((a, b) => a + b, 0);
  if (part === undefined || weight! < MIN_READING_SHARE * sum(byPart)) return undefined;
  // What the context leaves must not be a use that is rare everywhere.
  if (weight! < MIN_USE_SHARE * sum(weigh(all, wordnet))) return undefined;
  const ofPart = left.filter((reading) => reading.partOfSpeech === part);
  return new Set(ofPart.map((reading) => reading.lemma)).size === 1 ? ofPart[0] : undefined;
}

/** The tagged uses of the readings by part of speech, those of the likeliest lemma for each. */
function weigh(some: readonly Reading[], wordnet: WordNet): Map<PartOfSpeech, number> {
  const weights = new Map<PartOfSpeech, number>();
  for (const { lemma, partOfSpeech } of some) {
    const weight = tagsOf(wordnet, lemma, partOfSpeech) + 0.2;
    weights.set(partOfSpeech, Math.max(weights.get(partOfSpeech) ?? 0, weight));
  }
  return weights;
}

/** Whether the word before calls for a verb. */
function isVerbPlace({ before }: Neighbours): boolean {
  return before === 'to' || [MODALS, SUBJECTS, HAVE, BE].some((set) => set.has(before));
}

/** Whether a reading can stand between its neighbours. */
function fits({ partOfSpeech, form }: Reading, { before, after }: Neighbours): boolean {
  if (partOfSpeech === 'verb') {
    if (DETERMINERS.has(before)) return false;
    if (before === 'to' || MODALS.has(before)) return form === 'base';
    if (PREPOSITIONS.has(before)) return form === 'gerund';
    if (HAVE.has(before)) return form === 'participle' || form === 'past';
    if (BE.has(before)) return form === 'gerund' || form === 'participle' || form === 'past';
    return true;
  }
  if (SUBJECTS.has(before)) return partOfSpeech === 'adverb';
  if (MODALS.has(before)) return partOfSpeech === 'adverb';
  const headFollows = after === 'one' || after === 'ones' || (after !== '' && !FUNCTION_WORDS.has(after));
  // `in aid of`, `by means of`: set phrases.
  if (partOfSpeech === 'noun' && after === 'of' && PREPOSITIONS.has(before)) return false;
  if (partOfSpeech === 'noun') return !BE.has(before) && !(DETERMINERS.has(before) && headFollows);
  if (partOfSpeech === 'adjective') return headFollows || BE.has(before) || after === 'and' || after === 'or';
  return !DETERMINERS.has(before);
}

/** How often WordNet's tagged texts use a lemma as this part of speech. */
export function tagsOf(wordnet: WordNet, lemma: string, part: PartOfSpeech): number {
  return wordnet.senses(lemma, part).reduce((sum, sense) => sum + sense.tags, 0);
}

/** Whether a lower-case word is tagged as a noun more than `ratio` times as often as anything else. */
export function isUsuallyNoun(word: string, wordnet: WordNet, ratio = 2): boolean {
  if (FUNCTION_WORDS.has(word) || NUMBER_WORDS.has(word)) return false;
  const { noun = 0, ...others } = Object.fromEntries(weigh(readings(word, wordnet), wordnet));
  return noun > ratio * Math.max(0, ...Object.values(others));
}

/** Whether a lower-case word is one of English, in any of its forms. */
export function isEnglishWord(word: string, wordnet: WordNet): boolean {
  return FUNCTION_WORDS.has(word) || readings(word, wordnet).length > 0;
}

/** The readings of a lower-case word that WordNet lists the lemmas of. */
export function readings(word: string, wordnet: WordNet): Reading[] {
  return readingsOf(word, (lemma, part) => wordnet.senses(lemma, part).length > 0);
}
