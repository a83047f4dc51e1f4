import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { localLinear } from '../../../study/statistics/index.js';
import { r } from './reference.js';

describe('localLinear', () => {
  it("agrees with R's loess of degree 1, values and errors", () => {
    const got = localLinear(r.data.wt, r.data.mpg, { points: 9 });
    got.forEach((point, i) => {
      expect(point.x).toBeCloseTo(r.smooth.x[i]!, 12);
      expect(point.y / r.smooth.y[i]!).toBeCloseTo(1, 10);
      expect(point.standardError / r.smooth.se[i]!).toBeCloseTo(1, 10);
    });
  });

  it('passes through a straight line with no error, at any span and in any order', () => {
    const x = Array.from({ length: 50 }, (_, i) => (i * 17) % 50);
    for (const span of [0.1, 0.5, 1]) {
      for (const point of localLinear(
        x,
        x.map((v) => 3 - 2 * v),
        { span },
      )) {
        expect(point.y).toBeCloseTo(3 - 2 * point.x, 10);
        expect(point.standardError).toBeCloseTo(0, 10);
      }
    }
  });

  it('holds the truth in its band about 95 times in 100, for few rows and for many', () => {
    for (const n of [100, 1200]) {
      let covered = 0;
      let all = 0;
      for (let k = 0; k < 60; k++) {
        const random = randomLcg(31 * n + k);
        const normal = randomNormal.source(random)(0, 0.5);
        const x = Array.from({ length: n }, () => 4 * random());
        const smooth = localLinear(
          x,
          x.map((v) => 1 + v / 2 + normal()),
          { span: 0.4, points: 12 },
        );
        for (const { x: at, low, high } of smooth) {
          all++;
          if (low <= 1 + at / 2 && 1 + at / 2 <= high) covered++;
        }
      }
      expect(covered / all).toBeGreaterThan(0.91);
      expect(covered / all).toBeLessThan(0.985);
    }
  });

  it('bears ties and a constant x', () => {
    const x = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
    const y = [1, 2, 3, 1, 2, 3, 5, 7, 5, 7];
    const got = localLinear(x, y, { span: 0.4, points: 2 });
    expect(got.map((point) => point.y)).toEqual([2, 6]);
    const flat = localLinear([2, 2, 2, 2, 2, 2], [1, 2, 3, 4, 5, 6]);
    expect(flat).toHaveLength(1);
    expect(flat[0]!.y).toBeCloseTo(3.5, 12);
    expect(flat[0]!.standardError).toBeCloseTo(Math.sqrt(3.5 / 6), 12);
  });

  it('refuses what it cannot use', () => {
    expect(() => localLinear([1, 2, 3], [1, 2, 3])).toThrow('span 0.75 of 3 rows is 2 rows a point');
    expect(() => localLinear([1, Number.NaN], [1, 2])).toThrow('x[1] is NaN');
  });
});
