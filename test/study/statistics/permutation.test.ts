import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { permutationTest } from '../../../study/statistics/index.js';

const values = [3.1, 4.7, 2.2, 5.9, 1.4, 2.6, 3.3, 0.8];
const treated = [true, true, false, true, false, true, false, false];

/** The exact two-sided p over all relabellings of one block with as many treated rows. */
function exact(): number {
  const statistic = (mask: number) =>
    values.reduce((sum, v, i) => sum + (mask & (1 << i) ? v / 4 : -v / 4), 0);
  const observed = Math.abs(statistic(treated.reduce((mask, flag, i) => mask | (flag ? 1 << i : 0), 0)));
  const masks = Array.from({ length: 256 }, (_, mask) => mask).filter(
    (mask) => mask.toString(2).replaceAll('0', '').length === 4,
  );
  return masks.filter((mask) => Math.abs(statistic(mask)) >= observed - 1e-9).length / masks.length;
}

describe('permutationTest', () => {
  it('comes near the exact p of all 70 relabellings', () => {
    const got = permutationTest({ values, treated, permutations: 20000, seed: 1 });
    const p = exact();
    expect(Math.abs(got.pValue - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20000));
    expect(got.difference).toBeCloseTo((3.1 + 4.7 + 5.9 + 2.6) / 4 - (2.2 + 1.4 + 3.3 + 0.8) / 4, 12);
    expect(permutationTest({ values, treated, permutations: 20000, seed: 1 })).toEqual(got);
  });

  it('is never 0', () => {
    const many = Array.from({ length: 60 }, (_, i) => i);
    const got = permutationTest({
      values: many,
      treated: many.map((i) => i >= 30),
      permutations: 99,
      seed: 1,
    });
    expect(got.pValue).toBe(1 / 100);
  });

  it('compares within blocks alone', () => {
    // The second block is higher and more often treated; within each block treatment does nothing.
    const blocks = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'only treated'];
    const flags = [true, false, false, false, true, true, true, false, true];
    const level = [1, 1, 1, 1, 9, 9, 9, 9, 100];
    const got = permutationTest({ values: level, treated: flags, blocks, permutations: 199, seed: 1 });
    expect(got).toMatchObject({ difference: 0, pValue: 1 });
    expect(
      permutationTest({ values: level, treated: flags, permutations: 199, seed: 1 }).difference,
    ).toBeGreaterThan(5);
  });

  it('weights blocks as a regression with block effects does', () => {
    const got = permutationTest({
      values: [1, 0, 0, 5, 5, 2],
      treated: [true, false, false, true, true, false],
      blocks: [1, 1, 1, 2, 2, 2],
      permutations: 9,
      seed: 1,
    });
    // Differences 1 and 3, both with weight 2·1/3.
    expect(got.difference).toBeCloseTo(2, 13);
  });

  it('rejects a true null about as often as it says', () => {
    const normal = randomNormal.source(randomLcg(23))(0, 1);
    const flags = Array.from({ length: 24 }, (_, i) => i % 2 === 0);
    const blocks = flags.map((_, i) => Math.floor(i / 6));
    const pValues = Array.from(
      { length: 500 },
      (_, k) =>
        permutationTest({
          values: flags.map((_, i) => normal() + 3 * blocks[i]!),
          treated: flags,
          blocks,
          permutations: 199,
          seed: k,
        }).pValue,
    );
    const rejected = pValues.filter((p) => p <= 0.05).length / 500;
    expect(rejected).toBeGreaterThan(0.02);
    expect(rejected).toBeLessThan(0.08);
    const halves = pValues.filter((p) => p <= 0.5).length / 500;
    expect(halves).toBeGreaterThan(0.43);
    expect(halves).toBeLessThan(0.57);
  });

  it('refuses what it cannot use', () => {
    expect(() => permutationTest({ values: [1, 2], treated: [true, true], seed: 1 })).toThrow(
      'no block has both',
    );
    expect(() => permutationTest({ values: [1, 2], treated: [true], seed: 1 })).toThrow(
      'values has 2 rows and treated has 1',
    );
    expect(() => permutationTest({ values, treated, permutations: 0, seed: 1 })).toThrow('permutations is 0');
  });
});
