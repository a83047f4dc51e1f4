import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkOptions, chunkText } from '../../indexer/index.js';

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

  it('gives no chunk for white space', () => {
    for (const by of ['sentences', 'passages', 'document'] as const)
      expect(chunkText(' \n\t ', { by })).toEqual([]);
  });
});
