import { BLOCKED } from './blocked.js';
import { type Form, inflect, type Reading } from './inflection.js';
import { phrasesIn } from './phrase-rewrites.js';
import {
  BE,
  HAVE,
  isUsuallyNoun,
  type Neighbours,
  readingInContext,
  readings,
  SUBJECTS,
  tagsOf,
} from './readings.js';
import { reviewedFor } from './reviewed.js';
import type { PartOfSpeech, WordNet } from './wordnet.js';
import { capitalise, FUNCTION_WORDS, NUMBER_WORDS, type Word, wordsOf } from './words.js';

/** A word of a text with the words that may stand in for it, each with how well they fit, in (0, 1]. */
export interface Substitution {
  start: number;
  end: number;
  choices: { word: string; fit: number }[];
}

// Below these a sense or a synonym is a guess; above them the fit still says how good a one.
const MIN_SENSE_SHARE = 0.2;
const MIN_SYNONYM_TAGS = 2;
const MIN_FIT = 0.1;
const REVIEWED_FIT = 0.85;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const PARTICLES = words('for upon on of from into onto out up off about over through away down with against');
const BEFORE_TO = words(
  'want wish desire try attempt seek begin start commence cease agree refuse decline resolve decide determine seem appear need',
);
const BEFORE_THAT = words(
  'believe think feel hope trust know understand realize show demonstrate prove find discover learn declare announce proclaim state assert claim suggest propose recommend advise insist maintain assume suppose presume',
);

/** The words of `text` that WordNet has a stand-in for, where the context leaves one reading of the word. */
export function findSubstitutions(text: string, wordnet: WordNet): Substitution[] {
  const all = wordsOf(text);
  const forms = all.map((word) => formsOf(word.text.toLowerCase(), wordnet));
  const phrases = phrasesIn(text);
  const present = new Set(all.map((word) => word.text.toLowerCase()));
  const substitutions: Substitution[] = [];
  let phrase = 0;
  all.forEach((word, i) => {
    while (phrase < phrases.length && phrases[phrase]!.end <= word.start) phrase++;
    const inPhrase = phrase < phrases.length && phrases[phrase]!.start < word.end;
    if (inPhrase || !isCandidate(word)) return;
    const near = neighbours(text, all, i);
    const lower = word.text.toLowerCase();
    if (inCollocation(forms, i, wordnet)) return;
    const choices = choicesFor(lower, near, wordnet)
      .filter((choice) => !present.has(choice.word))
      .map((choice) => (lower === word.text ? choice : { ...choice, word: capitalise(choice.word) }));
    if (choices.length > 0) substitutions.push({ start: word.start, end: word.end, choices });
  });
  return substitutions;
}

/** Words of some length, neither grammar nor numbers; a capital inside a sentence is a name's. */
function isCandidate({ text, opensSentence }: Word): boolean {
  if (!/^[A-Za-z][a-z]{2,20}$/.test(text) || (text[0]! < 'a' && !opensSentence)) return false;
  const lower = text.toLowerCase();
  return !FUNCTION_WORDS.has(lower) && !NUMBER_WORDS.has(lower);
}

function neighbours(text: string, all: Word[], i: number): Neighbours {
  const joined = (a: Word | undefined, b: Word | undefined) =>
    a !== undefined && b !== undefined && /^\s{1,4}$/.test(text.slice(a.end, Math.min(b.start, a.end + 5)));
  return {
    before: joined(all[i - 1], all[i]) ? all[i - 1]!.text.toLowerCase() : '',
    after: joined(all[i], all[i + 1]) ? all[i + 1]!.text.toLowerCase() : '',
  };
}

/** Whether the word is in an entry of WordNet of two to four words, as `foreign policy` or `justice of the peace`. */
function inCollocation(forms: readonly string[][], i: number, wordnet: WordNet): boolean {
  for (let size = 2; size <= 4; size++) {
    for (let from = Math.max(0, i - size + 1); from <= i && from + size <= forms.length; from++) {
      // Only the first and the last word of an entry are inflected.
      const middle = forms.slice(from + 1, from + size - 1).map(([word]) => `${word}_`);
      for (const start of forms[from]!) {
        const opening = `${start}_${middle.join('')}`;
        if (forms[from + size - 1]!.some((end) => wordnet.has(opening + end))) return true;
      }
    }
  }
  return false;
}

/** A word as it stands, then its lemmas. */
function formsOf(word: string, wordnet: WordNet): string[] {
  return [...new Set([word, ...readings(word, wordnet).map((reading) => reading.lemma)])];
}

function choicesFor(word: string, near: Neighbours, wordnet: WordNet): Substitution['choices'] {
  const reading = readingInContext(word, near, wordnet);
  if (reading === undefined) return [];
  const best = new Map<string, number>();
  const add = (peer: string, fit: number) => {
    const stand = governsAlike(reading, peer, near) ? inflectLike(word, reading, peer, near) : undefined;
    if (stand !== undefined && fit >= MIN_FIT) best.set(stand, Math.max(best.get(stand) ?? 0, fit));
  };
  for (const peer of reviewedFor(reading.lemma, reading.partOfSpeech)) add(peer, REVIEWED_FIT);
  if (!BLOCKED.has(word) && !BLOCKED.has(reading.lemma)) {
    for (const { peer, fit } of peersInWordNet(reading, wordnet)) add(peer, fit);
  }
  // In `war workers` the noun names a kind: another word would name another.
  if (reading.partOfSpeech === 'noun' && near.after !== '' && isUsuallyNoun(near.after, wordnet, 1))
    return [];
  return [...best].map(([stand, fit]) => ({ word: stand, fit }));
}

/** The words that share a common sense with a reading, in which it is a common sense of theirs too. */
function peersInWordNet({ lemma, partOfSpeech }: Reading, wordnet: WordNet): { peer: string; fit: number }[] {
  const peers: { peer: string; fit: number }[] = [];
  for (const { synset } of wordnet.senses(lemma, partOfSpeech)) {
    const share = senseShare(wordnet, lemma, partOfSpeech, synset);
    if (share < MIN_SENSE_SHARE) continue;
    for (const peer of wordnet.peers(synset, lemma)) {
      if (!/^[a-z]{3,}$/.test(peer) || BLOCKED.has(peer) || FUNCTION_WORDS.has(peer)) continue;
      // `contemporaries`, `bounds`: lemmas that are plurals already.
      if (partOfSpeech === 'noun' && /[^s]s$/.test(peer)) continue;
      const shareBack = senseShare(wordnet, peer, partOfSpeech, synset);
      const tags = tagsOf(wordnet, peer, partOfSpeech);
      if (tags < MIN_SYNONYM_TAGS || shareBack < MIN_SENSE_SHARE) continue;
      peers.push({ peer, fit: Math.sqrt(share * shareBack) * Math.min(1, 0.5 + tags / 40) });
    }
  }
  return peers;
}

/** Whether a synonym can stand before the particle or clause that follows: verbs seldom share those. */
function governsAlike({ lemma, partOfSpeech }: Reading, peer: string, { after }: Neighbours): boolean {
  if (partOfSpeech !== 'verb') return true;
  const both = (verbs: ReadonlySet<string>) => verbs.has(lemma) && verbs.has(peer);
  if (after === 'to') return both(BEFORE_TO);
  if (after === 'that') return both(BEFORE_THAT);
  return !PARTICLES.has(after);
}

/** The synonym in the form of the word; undefined where the word could be either of two forms that differ in it. */
function inflectLike(word: string, reading: Reading, peer: string, near: Neighbours): string | undefined {
  const { partOfSpeech, form, lemma } = reading;
  if (form === 'past' || form === 'participle') {
    const past = inflectPhrase(peer, 'past');
    const participle = inflectPhrase(peer, 'participle');
    if (past === participle) return past;
    const isAmbiguous = inflect(lemma, 'verb', 'past') === inflect(lemma, 'verb', 'participle');
    if (!isAmbiguous) return form === 'past' ? past : participle;
    if (HAVE.has(near.before) || BE.has(near.before)) return participle;
    return SUBJECTS.has(near.before) ? past : undefined;
  }
  if (form === 'comparative' || form === 'superlative') {
    // `more sensible`, not `sensibler`: only short words take endings.
    return (peer.match(/[aeiouy]+/g) ?? []).length === 1 ? inflect(peer, partOfSpeech, form) : undefined;
  }
  const stand = partOfSpeech === 'verb' ? inflectPhrase(peer, form) : inflect(peer, partOfSpeech, form);
  return stand === word ? undefined : stand;
}

/** The form of a verb that may have a particle: `set up` → `sets up`. */
function inflectPhrase(verb: string, form: Form): string {
  const [head, ...rest] = verb.split(' ');
  return [inflect(head!, 'verb', form), ...rest].join(' ');
}

/** The smoothed part of a lemma's tagged uses that mean `synset`. */
function senseShare(wordnet: WordNet, lemma: string, part: PartOfSpeech, synset: string): number {
  const senses = wordnet.senses(lemma, part);
  const own = senses.find((sense) => sense.synset === synset);
  return own === undefined ? 0 : (own.tags + 0.2) / (tagsOf(wordnet, lemma, part) + 0.2 * senses.length);
}
