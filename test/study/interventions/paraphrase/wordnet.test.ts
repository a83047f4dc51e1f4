import { beforeAll, describe, expect, it } from 'vitest';
import { inflect, readingsOf } from '../../../../study/interventions/paraphrase/inflection.js';
import {
  type PartOfSpeech,
  readWordNet,
  type WordNet,
} from '../../../../study/interventions/paraphrase/wordnet.js';

let wordnet: WordNet;
beforeAll(async () => {
  wordnet = await readWordNet();
});

describe('readWordNet', () => {
  it('lists senses by frequency with their tag counts', () => {
    const senses = wordnet.senses('country', 'noun');
    expect(senses.map((sense) => sense.tags)).toEqual([68, 29, 12, 11, 3]);
    expect(wordnet.peers(senses[0]!.synset, 'country')).toEqual(
      expect.arrayContaining(['state', 'nation', 'land']),
    );
    expect(wordnet.senses('xyzzy', 'noun')).toEqual([]);
  });

  it('knows collocations and keeps the capitals of names', () => {
    expect(wordnet.has('foreign_policy')).toBe(true);
    expect(wordnet.has('policy_foreign')).toBe(false);
    const [congress] = wordnet.senses('united_states_congress', 'noun');
    expect(wordnet.peers(congress!.synset, 'united_states_congress').join(' ')).toMatch(/^[A-Z]/);
  });

  it('leaves out the peers of a verb that take other sentence frames', () => {
    const [answer] = wordnet.senses('answer', 'verb');
    expect(wordnet.peers(answer!.synset, 'answer')).toEqual(['reply', 'respond']);
    // "The bells knell" only; "they ring the bells" too.
    const rings = wordnet.senses('ring', 'verb').flatMap(({ synset }) => wordnet.peers(synset, 'ring'));
    expect(rings).not.toContain('knell');
  });
});

describe('inflection', () => {
  it.each([
    ['children', 'child', 'noun', 'plural'],
    ['went', 'go', 'verb', 'past'],
    ['better', 'good', 'adjective', 'comparative'],
    ['better', 'well', 'adverb', 'comparative'],
    ['running', 'run', 'verb', 'gerund'],
    ['countries', 'country', 'noun', 'plural'],
    ['duties', 'duty', 'noun', 'plural'],
    ['churches', 'church', 'noun', 'plural'],
    ['lives', 'life', 'noun', 'plural'],
    ['men', 'man', 'noun', 'plural'],
    ['has', 'have', 'verb', 'third'],
    ['chosen', 'choose', 'verb', 'participle'],
    ['admitted', 'admit', 'verb', 'past'],
    ['visited', 'visit', 'verb', 'past'],
    ['offering', 'offer', 'verb', 'gerund'],
    ['preferred', 'prefer', 'verb', 'participle'],
    ['equipped', 'equip', 'verb', 'past'],
    ['lying', 'lie', 'verb', 'gerund'],
    ['seeing', 'see', 'verb', 'gerund'],
    ['argued', 'argue', 'verb', 'past'],
    ['arguing', 'argue', 'verb', 'gerund'],
    ['tried', 'try', 'verb', 'past'],
    ['bigger', 'big', 'adjective', 'comparative'],
    ['happiest', 'happy', 'adjective', 'superlative'],
    ['wisest', 'wise', 'adjective', 'superlative'],
  ] as const)('%s is %s (%s, %s), both ways', (word, lemma, partOfSpeech, form) => {
    const isLemma = (name: string, part: PartOfSpeech) => wordnet.senses(name, part).length > 0;
    expect(readingsOf(word, isLemma)).toContainEqual({ lemma, partOfSpeech, form });
    expect(inflect(lemma, partOfSpeech, form)).toBe(word);
  });

  it('finds nothing for what is no word', () => {
    expect(readingsOf('qwrtp', () => false)).toEqual([]);
    expect(readingsOf('', () => false)).toEqual([]);
  });
});
