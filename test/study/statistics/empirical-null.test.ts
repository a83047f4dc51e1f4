import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { empiricalNull, scoreExceededBy, upperTail } from '../../../study/statistics/index.js';

const normal = randomNormal.source(randomLcg(3))(5, 2);
const sample = Array.from({ length: 20_000 }, normal);

describe('empiricalNull', () => {
  it('finds mean and standard deviation of a normal sample', () => {
    const { centre, scale } = empiricalNull(sample);
    expect(centre).toBeCloseTo(5, 1);
    expect(scale).toBeCloseTo(2, 1);
  });

  it('is hardly moved by a tenth that is far above', () => {
    const { scale } = empiricalNull([...sample, ...sample.slice(0, 2000).map((x) => x + 50)]);
    expect(scale).toBeGreaterThan(1.9);
    expect(scale).toBeLessThan(2.6);
  });

  it('scores in standard deviations, which a share exceeds by the normal tail', () => {
    const { score } = empiricalNull(sample);
    const from = scoreExceededBy(0.05);
    expect(from).toBeCloseTo(1.6449, 4);
    expect(upperTail(from)).toBeCloseTo(0.05, 10);
    expect(sample.filter((x) => score(x) > from).length / sample.length).toBeCloseTo(0.05, 2);
  });

  it('has a scale where all values are alike, and refuses to speak of none', () => {
    expect(empiricalNull([1, 1, 1, 1]).score(2)).toBe(1e6);
    expect(() => empiricalNull([])).toThrow(RangeError);
  });
});
