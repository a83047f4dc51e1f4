import { range } from 'd3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockOf, DIGIT_DIMS, PLACES } from '../../../indexer/embedder/abacus-codes.js';
import { type Embedder, openUseLite, withAbacusDigits } from '../../../indexer/index.js';
import { densityByLength } from '../../../scripts/studies/density-by-length.js';

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
const alike = (a: string, b: string) => cosine(blockOf(a), blockOf(b));
const lengthsAlike = (a: number, b: number) => {
  const half = (digits: number) => blockOf('7'.repeat(digits)).subarray(0, DIGIT_DIMS / 2);
  return 2 * cosine(half(a), half(b));
};

let plain: Embedder;
beforeAll(async () => {
  plain = await openUseLite();
});
afterAll(() => plain.close());

describe('blockOf', () => {
  it('has length 1 whatever the text', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789 .'), maxLength: 400 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary' })), (text) => {
        const block = blockOf(text);
        expect(block).toHaveLength(DIGIT_DIMS);
        expect(cosine(block, block)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('is one and the same for texts without digits, orthogonal to all others', () => {
    expect(blockOf('Call me Ishmael.')).toEqual(blockOf(''));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), (number) => {
        expect(alike(String(number), 'none')).toBe(0);
      }),
    );
  });

  it('takes the ASCII digits for digits, and no others', () => {
    for (const text of ['٣٤', '３４', '३४', '②', '½', 'Ⅻ', '三', '10⁻²'.slice(2)])
      expect(blockOf(text), text).toEqual(blockOf('none'));
  });

  it('takes a run of digits for a number, and its places from its first digit', () => {
    expect(alike('3.14', '3 and 14')).toBeCloseTo(1, 12);
    expect(alike('1,000', '000 1')).toBeCloseTo(1, 12);
    expect(alike('−5', '5')).toBeCloseTo(1, 12);
    expect(alike('1,000', '1000')).toBeLessThan(0.98);
    expect(alike('007', '7')).toBeLessThan(0.95);
    expect(alike('12', '21')).toBeLessThan(1 - 1e-4);
    // Once or twice, here or there.
    expect(alike('12 + 12', '12')).toBeCloseTo(1, 12);
  });

  it('tells lengths apart up to 180 digits', () => {
    for (const digits of range(1, PLACES)) expect(lengthsAlike(digits, digits + 1)).toBeLessThan(1 - 1e-4);
    const from20 = range(20, 181).map((digits) => lengthsAlike(20, digits));
    expect(from20.every((value, i) => i === 0 || value < from20[i - 1]!)).toBe(true);
    expect(lengthsAlike(20, 80)).toBeCloseTo(Math.sqrt(20 / 80), 1);
    expect(alike('1'.repeat(500), '1'.repeat(500))).toBeCloseTo(1, 12);
  });

  it('tells a digit that changed, less so one that moved', () => {
    const number = '31415926535897932384';
    const changed = alike(number, number.replace('8', '2'));
    expect(changed).toBeLessThan(0.995);
    expect(changed).toBeGreaterThan(0.8);
    expect(alike('1000000', '0100000')).toBeGreaterThan(alike('1000000', '0000010'));
  });
});

describe('withAbacusDigits', () => {
  it('weighs embedding and digits', async () => {
    const embedder = withAbacusDigits(plain, { weight: 0.3 });
    const texts = [
      'Add 17 and 25.',
      'Add 17 and 26.',
      'Call me Ishmael.',
      'It is a way I have of driving off the spleen.',
    ];
    const [old, now] = [await plain.embed(texts), await embedder.embed(texts)];
    const row = ({ vectors }: { vectors: Float32Array }, i: number) =>
      vectors.subarray((i * vectors.length) / texts.length, ((i + 1) * vectors.length) / texts.length);
    expect(embedder.dims).toBe(plain.dims + DIGIT_DIMS);
    expect(now.vectors).toHaveLength(texts.length * embedder.dims);
    expect(now.tokens).toBe(old.tokens);
    for (const [i, a] of texts.entries()) {
      for (const [j, b] of texts.entries()) {
        const wanted = 0.7 * cosine(row(old, i), row(old, j)) + 0.3 * alike(a, b);
        expect(cosine(row(now, i), row(now, j))).toBeCloseTo(wanted, 5);
      }
      expect(cosine(row(now, i), row(now, i))).toBeCloseTo(1, 5);
    }
    const distance = (vectors: typeof old) => Math.sqrt(2 - 2 * cosine(row(vectors, 2), row(vectors, 3)));
    expect(distance(now)).toBeCloseTo(Math.sqrt(0.7) * distance(old), 5);
  });

  it('is another embedder for another weight, and knows the tokens of the one inside', () => {
    const [one, other] = [0.3, 0.4].map((weight) => withAbacusDigits(plain, { weight }));
    expect(one!.name).toBe('use-lite+abacus(0.3)');
    expect(new Set([plain, one!, other!].map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(one!.fingerprint).toBe(withAbacusDigits(plain, { weight: 0.3 }).fingerprint);
    expect(one!.countTokens('Add 17 and 25.')).toBe(plain.countTokens('Add 17 and 25.'));
    expect(one!.maxTokens).toBe(plain.maxTokens);
  });

  it('names an empty text, as the one inside', async () => {
    await expect(withAbacusDigits(plain, { weight: 0.5 }).embed(['1', ''])).rejects.toThrow(
      'Text 1 is empty',
    );
  });

  it.each([0, 1, -0.1, 1.5, Number.NaN])('refuses the weight %d', (weight) => {
    expect(() => withAbacusDigits(plain, { weight })).toThrow('between 0 and 1');
  });

  it('has addition problems fall in density with their length beyond the trained', async () => {
    const embedder = withAbacusDigits(plain, { weight: 0.5 });
    const { rows, spearman } = await densityByLength(embedder, {
      problems: 600,
      trainedDigits: 20,
      lengths: [10, ...range(20, 101, 10)],
      queriesPerLength: 8,
      kernel: 'exponential',
      effectiveSamples: 50,
      seed: 2,
    });
    expect(spearman.ofMeans).toBeLessThan(-0.95);
    expect(spearman.ofQueries).toBeLessThan(-0.85);
    expect(rows[1]!.low).toBeGreaterThan(rows[2]!.high);
    expect(rows[2]!.below).toBe(1);
  });
});
