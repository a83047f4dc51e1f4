import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midRanks, pearson, spearman } from '../../../study/statistics/index.js';
import { r } from './reference.js';

describe('correlation', () => {
  it.each([
    ['pearson', pearson, r.pearson],
    ['spearman', spearman, r.spearman],
  ] as const)("%s agrees with R's cor.test", (method, correlate, wanted) => {
    const got = correlate(r.data.mpg, r.data.wt);
    expect(got).toMatchObject({ method, n: 32 });
    expect(got.estimate).toBeCloseTo(wanted.estimate, 13);
    expect(got.low).toBeCloseTo(wanted.low, 12);
    expect(got.high).toBeCloseTo(wanted.high, 12);
    expect(got.pValue! / wanted.p).toBeCloseTo(1, 9);
  });

  it('gives tied values the mean of their ranks', () => {
    expect([...midRanks([10, 20, 10, 30, 10, 20])]).toEqual([2, 4.5, 2, 6, 2, 4.5]);
    expect([...midRanks([])]).toEqual([]);
  });

  it('has no value for a constant, and no interval for few rows', () => {
    const none = { estimate: null, low: null, high: null, pValue: null };
    expect(pearson([0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4])).toMatchObject(none);
    expect(spearman([1, 2, 3, 4], [7, 7, 7, 7])).toMatchObject(none);
    expect(pearson([1], [2])).toMatchObject(none);
    expect(pearson([1, 2, 3], [1, 2, 4])).toMatchObject({ low: null, high: null, n: 3 });
    expect(pearson([1, 2, 3], [1, 2, 4]).pValue).toBeCloseTo(0.1210377, 6);
    expect(pearson([1, 2], [1, 2]).pValue).toBeNull();
    expect(spearman([1, 2, 3, 4, 5], [2, 4, 8, 16, 32])).toMatchObject({
      estimate: 1,
      low: 1,
      high: 1,
      pValue: 0,
    });
  });

  it('widens with the level', () => {
    const [narrow, wide] = [0.8, 0.99].map((level) => pearson(r.data.mpg, r.data.wt, { level }));
    expect(wide!.low!).toBeLessThan(narrow!.low!);
    expect(wide!.high!).toBeGreaterThan(narrow!.high!);
  });

  it('is symmetric, in [−1, 1], moved by no change of units, and rank correlation by no increasing function', () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
      minLength: 4,
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const x = pairs.map(([v]) => v);
        const y = pairs.map(([, v]) => v);
        const got = pearson(x, y);
        if (got.estimate === null) return;
        expect(Math.abs(got.estimate)).toBeLessThanOrEqual(1);
        expect(got.low!).toBeLessThanOrEqual(got.estimate);
        expect(got.high!).toBeGreaterThanOrEqual(got.estimate);
        expect(pearson(y, x).estimate).toBeCloseTo(got.estimate, 12);
        const moved = x.map((v) => 1e6 - v / 3);
        expect(pearson(moved, y).estimate).toBeCloseTo(-got.estimate, 8);
        const raised = x.map((v) => v ** 3 + 5);
        expect(spearman(raised, y).estimate).toBe(spearman(x, y).estimate);
      }),
    );
  });

  it('refuses what it cannot use', () => {
    expect(() => pearson([1, 2], [1, 2, 3])).toThrow('x has 2 rows and y has 3');
    expect(() => spearman([1, 2, 3], [1, Number.NaN, 3])).toThrow('y[1] is NaN');
  });
});
