import { describe, expect, it } from 'vitest';
import { scatterOf } from '../../../density/stratified/bands.js';
import { StratumSums } from '../../../density/stratified/stratum-sums.js';

/** What a query has of one band of 1,000 points, of which 100 were drawn: kernels that scatter so many times as much as was predicted. */
function band(scatter: number): StratumSums {
  const sums = new StratumSums(Float64Array.of(1000), Float64Array.of(-5), false);
  // 50 kernels of 0, and 50 of 2d: a variance of d²·100/99.
  const d = Math.sqrt((scatter * 99) / 100);
  sums.add(0, 100, -5, 50 * 2 * d, 50 * (2 * d) ** 2);
  return sums;
}

describe('scatterOf', () => {
  it('is how much more kernels scatter than was predicted, on average over all queries', () => {
    const [scatter] = scatterOf(Array.from({ length: 400 }, (_, q) => band(q % 2 === 0 ? 2 : 6)));
    expect(scatter).toBeCloseTo(4, 1);
  });

  it('hears a query that met a near copy, but not so loudly that all others are in doubt', () => {
    const others = Array.from({ length: 999 }, () => band(1));
    const [scatter] = scatterOf([...others, band(Math.exp(30))]);
    expect(scatter).toBeGreaterThan(10);
    expect(scatter).toBeLessThan(1 + Math.exp(12) / 500);
  });

  it('believes queries that are all far off', () => {
    const [scatter] = scatterOf(Array.from({ length: 400 }, () => band(Math.exp(25))));
    expect(Math.log(scatter!)).toBeCloseTo(25, 0);
  });

  it('is a number where the kernels of nearly all queries do not scatter', () => {
    const [scatter] = scatterOf([...Array.from({ length: 99 }, () => band(0)), band(2)]);
    expect(scatter).toBeGreaterThan(0);
    expect(scatter).toBeLessThan(0.1);
  });

  it('goes by the predictions where nothing was drawn', () => {
    const empty = new StratumSums(Float64Array.of(1000), Float64Array.of(-5), false);
    expect([...scatterOf([empty])]).toEqual([1]);
  });
});
