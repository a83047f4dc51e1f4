import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Query } from '../../../store/index.js';
import { encodePair } from '../../../study/outcomes/score/encode-pair.js';
import { promptTokens } from '../../../study/outcomes/score/endpoint-answer.js';
import { scoredText } from '../../../study/outcomes/score/scored-text.js';
import { slidingWindows } from '../../../study/outcomes/score/sliding-windows.js';
import { tokenLosses } from '../../../study/outcomes/score/token-losses.js';

describe('sliding windows', () => {
  it('are those of a text that fits, of one that does not, and of a target behind a long context', () => {
    const windows = (length: number, from: number) => [
      ...slidingWindows(length, from, { window: 8, stride: 3 }),
    ];
    expect(windows(8, 1)).toEqual([{ begin: 0, end: 8, from: 1 }]);
    expect(windows(12, 1)).toEqual([
      { begin: 0, end: 8, from: 1 },
      { begin: 3, end: 11, from: 8 },
      { begin: 4, end: 12, from: 11 },
    ]);
    expect(windows(40, 38)).toEqual([{ begin: 32, end: 40, from: 38 }]);
  });

  it('score every token once, in a window with tokens before it', () => {
    const arbitrary = fc.record({
      length: fc.integer({ min: 2, max: 60 }),
      start: fc.nat(100),
      window: fc.integer({ min: 2, max: 20 }),
      part: fc.nat(100),
    });
    fc.assert(
      fc.property(arbitrary, ({ length, start, window, part }) => {
        const from = 1 + (start % (length - 1));
        const stride = 1 + (part % (window - 1));
        let next = from;
        for (const one of slidingWindows(length, from, { window, stride })) {
          expect(one.from).toBe(next);
          expect(one.end).toBeGreaterThan(one.from);
          expect(one.end - one.begin).toBeLessThanOrEqual(window);
          expect(one.from - one.begin).toBeGreaterThanOrEqual(Math.min(one.from, window - stride));
          expect(one.begin).toBeLessThan(one.from);
          next = one.end;
        }
        expect(next).toBe(length);
      }),
    );
  });
});

describe('token losses', () => {
  it('are the negative log softmax, also of large logits', () => {
    const logits = Float32Array.from([0, Math.log(3), 500, 501, 7, 7]);
    const [first, second] = tokenLosses(logits, 2, [0, 1, 0], 1);
    expect(first).toBeCloseTo(-Math.log(0.75), 6);
    expect(second).toBeCloseTo(Math.log(1 + Math.E), 6);
    expect([...tokenLosses(logits, 2, [0, 1, 0], 2)]).toEqual([second]);
    expect(() => tokenLosses(logits, 2, [0, 2], 1)).toThrow('token 2 of 2');
  });
});

describe('a pair of context and text', () => {
  const encode = (text: string) => text.match(/ ?\S+| +$/g)?.map((word) => word.length) ?? [];

  it('is encoded as one, white space at the end of the context with the text', () => {
    expect(encodePair(encode, { context: 'two and two', text: ' is four' })).toEqual({
      tokens: [3, 4, 4, 3, 5],
      from: 3,
    });
    expect(encodePair(encode, { context: 'two and two ', text: 'is four' }).from).toBe(3);
    expect(encodePair(encode, { context: '', text: 'four' })).toEqual({ tokens: [4], from: 0 });
    expect(() => encodePair(encode, { context: 'two', text: '' })).toThrow('no token for ""');
  });
});

describe('what is scored of a query', () => {
  const query = (text: string, meta: Query['meta']): Query => ({
    ...{ id: 1, querySetId: 1, row: 0, key: 'k', kind: 'q', document: 'd', source: 's' },
    ...{ text, meta },
  });

  it('is its text, or a field behind its text', () => {
    expect(scoredText(query('Two?', { answer: '2' }), {})).toEqual({ context: '', text: 'Two?' });
    expect(scoredText(query('Two? ', { answer: ' 2' }), { target: 'answer' })).toEqual({
      context: 'Two?',
      text: ' 2',
    });
    expect(scoredText(query('Two?', { n: 2 }), { target: 'n', separator: '\n' }).text).toBe('\n2');
  });

  it('is cut from a text that ends with it', () => {
    const cut = scoredText(query('Two?\nIt is 2.\n', { answer: 'It is 2.' }), { target: 'answer' });
    expect(cut).toEqual({ context: 'Two?', text: '\nIt is 2.' });
  });

  it.each([[{}], [{ answer: ' ' }], [{ answer: ['2'] }]])(
    'is refused where the field is no text: %j',
    (meta) => {
      expect(() => scoredText(query('Two?', meta), { target: 'answer' })).toThrow(
        '"k" has no text in the field "answer"',
      );
    },
  );
});

describe('what endpoints answer', () => {
  it('is read without the tokens that the server added', () => {
    const logprobs = { tokens: ['a', 'b', 'c'], token_logprobs: [null, -1, -2] };
    const body = { choices: [{ text: 'abc', logprobs }] };
    expect(promptTokens(body, 'echo')).toEqual([
      { text: 'a', logprob: null },
      { text: 'b', logprob: -1 },
    ]);
    expect(promptTokens({ ...body, usage: { completion_tokens: 0 } }, 'echo')).toHaveLength(3);
    const unechoed = { choices: [{ text: 'c', logprobs: { tokens: ['c'], token_logprobs: [-2] } }] };
    expect(promptTokens(unechoed, 'echo')).toBeUndefined();
  });

  it('has the prompt’s own token, not a likelier one', () => {
    const entry = {
      '12': { logprob: -0.5, rank: 1, decoded_token: 'x' },
      '700': { logprob: -4, rank: 9, decoded_token: 'y' },
    };
    expect(promptTokens({ choices: [{ prompt_logprobs: [null, entry] }] }, 'prompt_logprobs')).toEqual([
      { text: '', logprob: null },
      { text: 'y', logprob: -4 },
    ]);
  });

  it.each([[{}], [{ choices: [] }], [{ choices: [{ text: 'a' }] }], ['<html>'], [null]])(
    '%j is none',
    (body) => {
      expect(promptTokens(body, 'echo')).toBeUndefined();
      expect(promptTokens(body, 'prompt_logprobs')).toBeUndefined();
    },
  );
});
