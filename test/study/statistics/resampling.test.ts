import { describe, expect, it } from 'vitest';
import { bootstrap, isotonic, pearson } from '../../../study/statistics/index.js';
import { expectClose, r } from './reference.js';

const { mpg, wt } = r.data;
const correlation = (rows: readonly number[]) =>
  pearson(
    rows.map((i) => mpg[i]!),
    rows.map((i) => wt[i]!),
  ).estimate!;

describe('bootstrap', () => {
  it("comes to R's BCa interval", () => {
    const got = bootstrap(mpg.length, correlation, { resamples: 20_000, seed: 4 });
    expect(got.method).toBe('BCa');
    expect(got.estimate).toBeCloseTo(r.bca.estimate, 12);
    expect(got.standardError).toBeCloseTo(r.bca.standardError, 2);
    expect(Math.abs(got.low - r.bca.low)).toBeLessThan(0.005);
    expect(Math.abs(got.high - r.bca.high)).toBeLessThan(0.005);
  });

  it('draws the rows of a group together', () => {
    const values = [1, 1, 1, 5, 5, 5, 9, 9, 9, 2, 2, 2];
    const groups = values.map((value) => `document ${value}`);
    const mean = (rows: readonly number[]) => rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length;
    const together = bootstrap(values.length, mean, { groups, resamples: 2000, seed: 1 });
    const apart = bootstrap(values.length, mean, { resamples: 2000, seed: 1 });
    expect(together.standardError / apart.standardError).toBeGreaterThan(1.5);
  });

  it('says where it is only the percentile interval', () => {
    const got = bootstrap(10, () => 3, { resamples: 99, seed: 1 });
    expect(got).toMatchObject({ method: 'percentile', low: 3, high: 3, standardError: 0 });
    expect(() => bootstrap(5, () => Number.NaN, { seed: 1 })).toThrow('NaN');
    expect(() => bootstrap(4, () => 1, { groups: [1, 1, 1, 1], seed: 1 })).toThrow('at least 2 rows');
  });
});

describe('isotonic', () => {
  it("agrees with R's isoreg on mtcars", () => {
    const curve = isotonic(wt, mpg, { direction: 'decreasing', resamples: 99, seed: 1 });
    const at = new Map(curve.map((point) => [point.x, point]));
    // isoreg fits tied x apart, in the order of the rows; compare where a value of x is alone in its block's edge.
    const alone = r.isotonic.x.filter((x, i, xs) => x !== xs[i - 1] && x !== xs[i + 1]);
    expectClose(
      alone.map((x) => at.get(x)!.fitted),
      alone.map((x) => r.isotonic.y[r.isotonic.x.indexOf(x)]!),
      0.03,
    );
    for (const { low, high } of curve) {
      expect(low).toBeLessThanOrEqual(high);
    }
    expect(curve.reduce((sum, { rows }) => sum + rows, 0)).toBe(wt.length);
  });

  it('pools violators, weighing by rows', () => {
    const curve = isotonic([1, 2, 2, 3, 4], [1, 5, 5, 2, 6], {
      direction: 'increasing',
      resamples: 9,
      seed: 1,
    });
    expect(curve.map(({ fitted }) => fitted)).toEqual([1, 4, 4, 6]);
    expect(() => isotonic([], [], { direction: 'increasing', seed: 1 })).toThrow('no rows');
  });
});
