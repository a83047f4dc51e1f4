import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, holm, smallestEffect } from '../../../study/statistics/index.js';
import { expectClose, r } from './reference.js';

describe('families of tests', () => {
  it("are adjusted as R's p.adjust does", () => {
    expectClose(holm(r.adjusted.p), r.adjusted.holm, 1e-12);
    expectClose(benjaminiHochberg(r.adjusted.p), r.adjusted.bh, 1e-12);
    expect(() => holm([0.1, 1.2])).toThrow('pValues[1] is 1.2');
    expect(holm([])).toEqual([]);
  });

  it('keep their order, and Holm is the stricter', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (p) => {
        const [strict, loose] = [holm(p), benjaminiHochberg(p)];
        p.forEach((value, i) => {
          expect(strict[i]!).toBeGreaterThanOrEqual(loose[i]! - 1e-12);
          expect(loose[i]!).toBeGreaterThanOrEqual(value - 1e-12);
        });
      }),
    );
  });
});

describe('smallestEffect', () => {
  it("has Cohen's sample sizes", () => {
    // Cohen (1988), table 3.4.1: 80% power at two-sided .05 takes 85 rows for r = .30, 783 for r = .10.
    expect(smallestEffect(85).correlation).toBeCloseTo(0.3, 2);
    expect(smallestEffect(783).correlation).toBeCloseTo(0.1, 3);
    expect(smallestEffect(100, { controls: 50 }).correlation).toBeGreaterThan(
      smallestEffect(100).correlation,
    );
    expect(() => smallestEffect(5, { controls: 2 })).toThrow('at least 6 are needed');
  });
});
