import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ngramOverlap } from '../../../../study/interventions/paraphrase/index.js';

const words = (text: string) => text.split(' ').filter((word) => word !== '');

it.each([
  ['a b c d e', 'a b c d e', 4, 1],
  ['a b c d e', 'a b c d x', 4, 1 / 2],
  ['a b c d e', 'v w x y z', 4, 0],
  ['a b c d e', 'a b c d e f g h', 4, 1],
  ['a a a a a a', 'a a a a', 4, 1],
  ['a b a b', 'a b c d', 2, 1 / 3],
  ['a b', 'a b c', 4, 1],
  ['a b', 'a b', 4, 1],
  ['', 'a b', 4, 0],
  ['', '', 4, 0],
])('ngramOverlap(%j, %j, %i) = %d', (a, b, n, overlap) => {
  expect(ngramOverlap(words(a), words(b), n)).toBeCloseTo(overlap, 12);
});

it('is symmetric, in [0, 1], and 1 for a text with itself', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 6 }), (a, b, n) => {
      const overlap = ngramOverlap(a, b, n);
      expect(overlap).toBe(ngramOverlap(b, a, n));
      expect(overlap).toBeGreaterThanOrEqual(0);
      expect(overlap).toBeLessThanOrEqual(1);
      if (a.length > 0) expect(ngramOverlap(a, a, n)).toBe(1);
    }),
  );
});

it('refuses an n that counts nothing', () => {
  expect(() => ngramOverlap(['a'], ['a'], 0)).toThrow('n must be a positive integer, not 0');
});
