import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendall, mcnemar, rankSum, signedRank, trendTest } from '../../../study/statistics/index.js';
import { expectClose, r } from './reference.js';

/** All orders of a few numbers. */
function* permutations(values: readonly number[]): Generator<number[]> {
  if (values.length < 2) yield [...values];
  for (const [i, first] of values.entries()) {
    for (const rest of permutations(values.filter((_, j) => j !== i))) {
      if (values.length > 1) yield [first, ...rest];
    }
  }
}

describe('kendall', () => {
  it('agrees with R on mtcars, which has ties', () => {
    const got = kendall(r.data.mpg, r.data.hp);
    expectClose([got.estimate!, got.pValue!], [r.kendall.estimate, r.kendall.p], 1e-12);
    expect(got.low!).toBeLessThan(got.estimate!);
    expect(got.high!).toBeGreaterThan(got.estimate!);
  });

  it('counts pairs as one by one', () => {
    const column = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(column, column, (a, b) => {
        const n = Math.min(a.length, b.length);
        let [score, x, y] = [0, 0, 0];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < i; j++) {
            score += Math.sign(a[i]! - a[j]!) * Math.sign(b[i]! - b[j]!);
            x += Number(a[i] !== a[j]);
            y += Number(b[i] !== b[j]);
          }
        }
        const { estimate } = kendall(a.slice(0, n), b.slice(0, n));
        if (x * y === 0) expect(estimate).toBeNull();
        else expect(estimate).toBeCloseTo(score / Math.sqrt(x * y), 12);
      }),
    );
  });
});

describe('rank tests', () => {
  it("agree with R's wilcox.test", () => {
    const signed = signedRank(r.signedRank.x);
    expect(signed.statistic).toBe(r.signedRank.statistic);
    expectClose([signed.pValue], [r.signedRank.p], 1e-12);
    // R finds the shift and its interval by a root of the statistic, to 1e-4, and corrects the interval for continuity and ties.
    expect(signed.shift).toBeCloseTo(r.signedRank.estimate, 2);
    expect(Math.abs(signed.low - r.signedRank.low)).toBeLessThan(0.11);
    expect(Math.abs(signed.high - r.signedRank.high)).toBeLessThan(0.11);
    const one = r.data.mpg.filter((_, i) => r.data.am[i] === 0);
    const two = r.data.mpg.filter((_, i) => r.data.am[i] === 1);
    const summed = rankSum(one, two);
    expect(summed.statistic).toBe(r.rankSum.statistic);
    expectClose([summed.pValue], [r.rankSum.p], 1e-12);
    expect(summed.shift).toBeCloseTo(r.rankSum.estimate, 2);
    expect(Math.abs(summed.low - r.rankSum.low)).toBeLessThan(0.11);
    expect(Math.abs(summed.high - r.rankSum.high)).toBeLessThan(0.11);
  });

  it('take the sign of the shift', () => {
    const up = signedRank([1, 2, 3, -0.5, 4, 2, 1]);
    const down = signedRank([-1, -2, -3, 0.5, -4, -2, -1]);
    expect(up.pValue).toBe(down.pValue);
    expect(up.shift).toBe(-down.shift);
    expect([up.low, up.high]).toEqual([-down.high, -down.low]);
  });

  it('refuse what cannot be ranked', () => {
    expect(() => signedRank([0, 0])).toThrow('all differences are 0');
    expect(() => rankSum([1], [])).toThrow('a sample is empty');
  });
});

describe('mcnemar', () => {
  it("is R's binomial test of the flips", () => {
    const before = [...Array(19).fill(0), ...Array(7).fill(1), 1, 0, 1];
    const after = [...Array(19).fill(1), ...Array(7).fill(0), 1, 0, 1];
    const got = mcnemar(before, after);
    expect(got).toMatchObject({ gained: 19, lost: 7, n: 29 });
    expectClose([got.pValue], [r.mcnemar], 1e-12);
    expect(mcnemar([0, 1], [0, 1]).pValue).toBe(1);
    expect(() => mcnemar([0, 2], [0, 1])).toThrow('before[1] is 2');
  });
});

describe('trendTest', () => {
  it('has the mean and variance of all orders, with ties in dose and response', () => {
    const dose = [0, 0, 1, 1, 2, 4];
    const response = [1, 2, 2, 3, 5, 5];
    const all = [...permutations(response)].map((order) => trendTest(dose, order));
    const statistics = all.map(({ statistic }) => statistic);
    const mean = statistics.reduce((sum, value) => sum + value, 0) / statistics.length;
    const variance = statistics.reduce((sum, value) => sum + (value - mean) ** 2, 0) / statistics.length;
    expect(mean).toBeCloseTo(0, 12);
    const got = trendTest(dose, response);
    expect((got.statistic / got.z) ** 2).toBeCloseTo(variance, 10);
    expect(got.doses).toBe(4);
    expect(got.pValue).toBeLessThan(0.03);
  });

  it('asks for doses', () => {
    expect(() => trendTest([1, 1], [2, 3])).toThrow('at least 2 doses');
  });
});
