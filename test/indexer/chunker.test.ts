import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkOptions, chunkText } from '../../indexer/index.js';
import { sentencesOf } from '../../indexer/sentences.js';
import { stateOfTheUnion } from './texts.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc
    .array(fc.constantFrom('Peace', 'is', 'Mr.', 'U.S.', 'ours.', 'Why?', '\n\n', 'x'.repeat(60), '😀'), {
      maxLength: 120,
    })
    .map((words) => words.join(' ')),
);
const options = fc.record({
  by: fc.constantFrom('sentences' as const, 'passages' as const, 'document' as const),
  min: fc.integer({ min: 1, max: 60 }),
  max: fc.integer({ min: 60, max: 200 }),
});

const textsOf = (whole: string, chunking: ChunkOptions) =>
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
