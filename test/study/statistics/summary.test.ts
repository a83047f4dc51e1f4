import { expect, it, describe as suite } from 'vitest';
import { describe } from '../../../study/statistics/index.js';
import { r } from './reference.js';

suite('describe', () => {
  it('agrees with R', () => {
    const got = describe(r.data.mpg);
    expect(got.mean).toBeCloseTo(r.summary.mean, 13);
    expect(got.sd).toBeCloseTo(r.summary.sd, 13);
    [got.min, got.q1, got.median, got.q3, got.max].forEach((value, i) => {
      expect(value).toBeCloseTo(r.summary.quantiles[i]!, 13);
    });
    expect(got.n).toBe(32);
  });

  it('takes typed arrays and one value, and leaves its input as it was', () => {
    const values = Float32Array.of(3, 1, 2);
    expect(describe(values)).toEqual({ n: 3, mean: 2, sd: 1, min: 1, q1: 1.5, median: 2, q3: 2.5, max: 3 });
    expect([...values]).toEqual([3, 1, 2]);
    expect(describe([7])).toMatchObject({ n: 1, mean: 7, sd: null, q1: 7, median: 7 });
  });

  it('refuses no values and values that are not numbers', () => {
    expect(() => describe([])).toThrow('no values');
    expect(() => describe([1, Number.NaN])).toThrow('values[1] is NaN');
  });
});
