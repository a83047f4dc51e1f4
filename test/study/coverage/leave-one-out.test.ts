import { describe, expect, it } from 'vitest';
import { changesWithout } from '../../../study/coverage/index.js';
import { medianOf, quantileOf } from '../../../study/coverage/quantile.js';
import { weightsOf } from '../../../study/coverage/weights.js';

describe('changesWithout', () => {
  it('is log10 of (1 − share)·n / (n − points)', () => {
    const [a, b] = changesWithout([0.2, 0.8], [5, 5], 20);
    expect(a).toBeCloseTo(Math.log10((0.8 * 20) / 15), 12);
    expect(b).toBeCloseTo(Math.log10((0.2 * 20) / 15), 12);
  });

  it('is −∞ for a source that holds everything, or is everything', () => {
    expect(changesWithout([1, 0], [5, 5], 10)).toEqual([Number.NEGATIVE_INFINITY, Math.log10(2)]);
    expect(changesWithout([1], [5], 5)).toEqual([Number.NEGATIVE_INFINITY]);
  });

  it('keeps what is left where a share rounds to 1', () => {
    expect(changesWithout([1, 1e-30], [5, 5], 10)[0]).toBeCloseTo(-30 + Math.log10(2), 9);
  });
});

describe('quantileOf', () => {
  it('is of type 7, with infinite values among them', () => {
    const low = Number.NEGATIVE_INFINITY;
    expect(quantileOf([1, 2, 4], 0.25)).toBe(1.5);
    expect(quantileOf([3], 0.75)).toBe(3);
    expect(medianOf([low, 5])).toBe(low);
    expect(medianOf([7, low, 5])).toBe(5);
    expect(medianOf([low, low, 5, 6])).toBe(low);
  });
});

describe('weightsOf', () => {
  it('is equal, or by densities that may be too small for a number', () => {
    expect(weightsOf([-1, -2], 'queries')).toEqual([0.5, 0.5]);
    const [large, small, none] = weightsOf([-500, -501, Number.NEGATIVE_INFINITY], 'density');
    expect(large).toBeCloseTo(10 / 11, 12);
    expect(small).toBeCloseTo(1 / 11, 12);
    expect(none).toBe(0);
    expect(weightsOf(Array(2).fill(Number.NEGATIVE_INFINITY), 'density')).toEqual([0.5, 0.5]);
  });
});
