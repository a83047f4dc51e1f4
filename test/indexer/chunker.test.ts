import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CharacterChunks, chunkText } from '../../indexer/index.js';
import { sentencesOf } from '../../indexer/sentences.js';
import { stateOfTheUnion } from './texts.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc
    .array(
      fc.constantFrom('Peace', 'is', 'Mr.', 'U.S.', 'ours.', 'Why?', '\n\n', '\n', 'x'.repeat(60), '😀'),
      {
        maxLength: 120,
      },
    )
    .map((words) => words.join(' ')),
);
const options = fc.record({
  by: fc.constantFrom('sentences' as const, 'passages' as const, 'document' as const),
  min: fc.integer({ min: 1, max: 60 }),
  max: fc.integer({ min: 60, max: 200 }),
});

const textsOf = (whole: string, chunking: CharacterChunks) =>
  chunkText(whole, chunking).map(({ start, end }) => whole.slice(start, end));

describe('chunkText', () => {
  it('gives spans in order, without overlap, trimmed, and not longer than max', () => {
    fc.assert(
      fc.property(text, options, (whole, chunking) => {
        let last = 0;
        for (const { start, end } of chunkText(whole, chunking)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(whole.slice(start, end)).toBe(whole.slice(start, end).trim());
          if (chunking.by !== 'document') expect(end - start).toBeLessThanOrEqual(chunking.max);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(whole.length);
      }),
    );
  });

  it('leaves out nothing but white space', () => {
    fc.assert(
      fc.property(text, options, (whole, chunking) => {
        const squeeze = (part: string) => part.replace(/\s/g, '');
        expect(squeeze(textsOf(whole, chunking).join(''))).toBe(squeeze(whole));
      }),
    );
  });

  it('joins short sentences with what follows', () => {
    const whole = 'It is so. And it will be so for as long as there is anyone to say it. We agree on that.';
    expect(textsOf(whole, { by: 'sentences' })).toEqual([
      'It is so. And it will be so for as long as there is anyone to say it. We agree on that.',
    ]);
  });

  it('does not end a sentence at an abbreviation', () => {
    const whole =
      'The message of Mr. Jefferson to the U.S. Congress was read by the clerk. It came from Gen. Washington in the year before.';
    expect(textsOf(whole, { by: 'sentences' })).toHaveLength(2);
  });

  it('packs passages with as many sentences as fit', () => {
    const sentence = 'We hold these truths to be self-evident and plain. ';
    const passages = textsOf(sentence.repeat(10), { by: 'passages', max: 160 });
    expect(passages.map(({ length }) => length)).toEqual([152, 152, 152, 50]);
  });

  it('cuts a line of 1 MB without punctuation', () => {
    const chunks = textsOf('word '.repeat(200_000), { by: 'sentences', max: 400 });
    expect(chunks.length).toBeGreaterThanOrEqual(2500);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(400);
    expect(textsOf('x'.repeat(1_000_000), { by: 'sentences', max: 400 })).toHaveLength(2500);
  });

  it('joins a short sentence with the one before where it does not fit with the next', () => {
    const [first, last] = ['A'.repeat(48), 'B'.repeat(70)];
    expect(textsOf(`${first}. So be it. ${last}.`, { by: 'sentences', min: 40, max: 75 })).toEqual([
      `${first}. So be it.`,
      `${last}.`,
    ]);
  });

  it('leaves no short end of a long sentence', () => {
    const lengths = textsOf('word '.repeat(81).trim(), { by: 'sentences', min: 40, max: 400 });
    expect(lengths.map(({ length }) => length)).toEqual([359, 44]);
  });

  it('does not cut within a character of two code units', () => {
    const chunks = textsOf('😀'.repeat(500), { by: 'sentences', max: 101 });
    expect(chunks.every((chunk) => /^😀+$/u.test(chunk))).toBe(true);
  });

  it('refuses a max below min', () => {
    expect(() => chunkText('text', { by: 'sentences', min: 50, max: 40 })).toThrow('Chunks of 50 to 40');
    expect(() => chunkText('text', { by: 'passages', max: 0 })).toThrow('at least 1');
    expect(() => chunkText('text', { by: 'document', min: 2, max: 1 })).toThrow('Chunks of 2 to 1');
    expect(() => chunkText('text', { by: 'sentences', min: Number.NaN })).toThrow('Chunks of NaN');
  });

  it('cuts 10 million characters in one document', () => {
    const whole = stateOfTheUnion().join(' ').slice(0, 10_000_000);
    const chunks = chunkText(whole, { by: 'sentences' });
    expect(chunks.length).toBeGreaterThan(50_000);
    expect(chunks.at(-1)!.end).toBe(whole.trimEnd().length);
  });

  it('cuts the State of the Union addresses into chunks of 40 to 400 characters', () => {
    const lengths = stateOfTheUnion().flatMap((address) =>
      textsOf(address, { by: 'sentences' }).map(({ length }) => length),
    );
    expect(lengths.length).toBeGreaterThan(56_000);
    expect(lengths.every((length) => length <= 400)).toBe(true);
    // A short sentence between two that fill their chunks stays alone.
    expect(lengths.filter((length) => length < 40).length).toBeLessThan(lengths.length / 1000);
  });

  it('gives no chunk for white space', () => {
    for (const by of ['sentences', 'passages', 'document'] as const)
      expect(chunkText(' \n\t ', { by })).toEqual([]);
  });
});

describe('sentencesOf', () => {
  const sentences = (whole: string) => sentencesOf(whole).map(({ start, end }) => whole.slice(start, end));

  it('goes on over the line feeds of a hard-wrapped paragraph', () => {
    const lines = [
      'It was the best of times, it was',
      'the worst of times. It was the',
      'age of Mr.',
      'Wisdom.',
    ];
    const wanted = [
      'It was the best of times, it was\nthe worst of times.',
      'It was the\nage of Mr.\nWisdom.',
    ];
    expect(sentences(lines.join('\n'))).toEqual(wanted);
    expect(sentences(lines.join('\r\n'))).toEqual(wanted.map((one) => one.replaceAll('\n', '\r\n')));
    expect(sentences(`${lines.join('  \n ')}\n`)).toEqual(wanted.map((one) => one.replaceAll('\n', '  \n ')));
  });

  it.each([
    ['a line that ends a sentence', 'He left.\nthen she came'],
    ['a quotation that ends one', 'He said: “I left.”\nthen she came'],
    ['a question in brackets', 'He left (did he?)\nthen she came'],
    ['a full stop of another script', '今天天气很好。\n明天也好'],
    ['three dots', 'He left…\nthen she came'],
    ['a dash for an item', 'We need\n- bread'],
    ['a number for an item', 'We need\n 1. bread'],
    ['a letter for an item', 'We need\n(b) bread'],
    ['a bullet', 'We need\n• bread'],
    ['an indented line', 'We need\n  bread'],
    ['a tab', 'We need\n\tbread'],
    ['a blank line', 'We need\n\nbread'],
    ['a line of spaces', 'We need\n   \nbread'],
    ['a blank line of Windows', 'We need\r\n\r\nbread'],
  ])('ends a sentence at a line feed with %s', (_, whole) => {
    expect(sentences(whole)).toEqual(whole.split(/\s*\n\s*/));
  });

  it.each(['In the war of\n1812 they came.', 'A well-\n-known man.', 'He had\n3.5 of them.', '你好\n世界。'])(
    'does not end a sentence within %j',
    (whole) => {
      expect(sentences(whole)).toEqual([whole]);
    },
  );

  it('gives the sentences of a text wherever its lines are wrapped', () => {
    const address = stateOfTheUnion()[3]!.slice(0, 20_000).replace(/\s+/g, ' ');
    for (const width of [30, 60, 72]) {
      const wrapped = address.replace(
        new RegExp(`(.{${width}}\\S*(?<![.?!]["”)]?)) (?=[a-z]{2})`, 'g'),
        '$1\n',
      );
      expect(wrapped.split('\n').length).toBeGreaterThan(100);
      expect(sentencesOf(wrapped)).toEqual(sentencesOf(address));
    }
  });

  it('takes a million line feeds, or spaces before one', () => {
    expect(sentences(`a${'\n'.repeat(1_000_000)}b`)).toEqual(['a', 'b']);
    expect(sentences('a\n'.repeat(500_000))).toHaveLength(1);
    expect(sentences(`a${' '.repeat(1_000_000)}\nb`)).toHaveLength(1);
  });

  it('gives the same whatever the window of the segmenter', () => {
    const address = stateOfTheUnion()[0]!.slice(0, 3000);
    const whole = fc.oneof(text, fc.constant(address));
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 80 }), (one, window) => {
        expect(sentencesOf(one, window)).toEqual(sentencesOf(one, one.length + 1));
      }),
      { numRuns: 500 },
    );
  });
});
