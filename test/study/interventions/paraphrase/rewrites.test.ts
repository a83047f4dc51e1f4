import { expect, it } from 'vitest';
import { REWRITES, rewrite } from '../../../../study/interventions/paraphrase/rewrites.js';

const NOUNS = new Set(['peace', 'prosperity', 'honor', 'industry']);
/** Draws 0: every place that fits is changed, by the first choice. */
const always = { random: () => 0, isNoun: (word: string) => NOUNS.has(word) };

it.each([
  [
    'expand contractions',
    "We don't know and can't say; I'm sure they've gone.",
    'We do not know and cannot say; I am sure they have gone.',
  ],
  [
    'move the opening clause to the end',
    'In 1990, the Congress met Dr. No.',
    'In 1990, the Congress met Dr. No.',
  ],
  [
    'move the opening clause to the end',
    'In 1990, the Congress did nothing.',
    'The Congress did nothing in 1990.',
  ],
  [
    'move the closing clause to the front',
    'We failed because they were divided.',
    'Because they were divided, we failed.',
  ],
  [
    'move the closing clause to the front',
    'The treaty was signed in 1846.',
    'In 1846, the treaty was signed.',
  ],
  [
    'split a sentence',
    'The law is good; and the people know it, and we are glad.',
    'The law is good. The people know it. We are glad.',
  ],
  ['join two sentences', 'The war is over. We are at peace.', 'The war is over; we are at peace.'],
  [
    'swap two nouns joined by and',
    'for the peace and prosperity of all',
    'for the prosperity and peace of all',
  ],
  ['of to genitive', 'the strength of the nation is great', "the nation's strength is great"],
  ['genitive to of', "Our nation's strength is great", 'The strength of our nation is great'],
  ['which to that', 'a law which has, in which case, failed', 'a law that has, in which case, failed'],
  ['shorten a relative clause', 'a plan which is based on trust', 'a plan based on trust'],
  ['and to as well as', 'of honor and industry.', 'of honor as well as industry.'],
  ['leave out that', 'I believe that we can', 'I believe we can'],
  ['put in that', 'I believe we can', 'I believe that we can'],
  ['and to and also', 'by day and by night', 'by day and also by night'],
  ['put in an adverb', 'It is a time of trial.', 'It is indeed a time of trial.'],
  ['quantities', 'more than 30 ships in 1812 were $5', 'over 30 ships in the year 1812 came to $5'],
  ['phrases', 'In order to win, I hope, upon the whole', 'To win, it is my hope, on the whole'],
  ['phrases', 'I hope so. In New York upon  the shore', 'It is my hope so. In New York on  the shore'],
  ['opening words', 'It rained. But we went.', 'It rained. Yet we went.'],
  ['contract', 'We do not and will not.', "We don't and won't."],
])('%s: %s', (name, text, expected) => {
  expect(REWRITES.find((rule) => rule.name === name)!.apply(text, always)).toBe(expected);
});

it('has an example above for every rewrite and gives back a text that none fits', () => {
  expect(new Set(REWRITES.map((rule) => rule.name)).size).toBe(REWRITES.length);
  for (const text of ['', 'Ahab', '👩‍🚀 🎉', '\0', '\u202eabc', '...'])
    expect(rewrite(text, always)).toBe(text);
});
