import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNEL_NAMES, kernelNamed } from '../../density/index.js';

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe.each(KERNEL_NAMES)('the %s kernel', (name) => {
  const kernel = kernelNamed(name);

  it('is 1 at no distance, falls with distance, and grows with the bandwidth', () => {
    expect(kernel.name).toBe(name);
    fc.assert(
      fc.property(within(1e-3, 2), within(0.01, 10), within(1.001, 5), (r, h, factor) => {
        expect(kernel.log(0, h)).toBeCloseTo(0, 12);
        expect(kernel.log(r * factor, h)).toBeLessThan(kernel.log(r, h));
        expect(kernel.log(r, h * factor)).toBeGreaterThan(kernel.log(r, h));
      }),
    );
  });

  it('does not change where distance and bandwidth are scaled alike', () => {
    fc.assert(
      fc.property(within(1e-3, 2), within(0.01, 10), within(0.01, 100), (r, h, factor) => {
        expect(kernel.log(r * factor, h * factor) / kernel.log(r, h)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('has a radius that inverts it, and a slope that is its derivative in the cosine', () => {
    fc.assert(
      fc.property(within(0.05, 1.9), within(0.05, 10), (r, h) => {
        expect(kernel.radius(kernel.log(r, h), h)).toBeCloseTo(r, 9);
        const step = 1e-5;
        // r² = 2 − 2·cos: the cosine falls by r·dr.
        const derivative = (kernel.log(r + step, h) - kernel.log(r - step, h)) / (2 * step * r);
        expect(kernel.slope(r, h) / Math.abs(derivative)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('is what its graph’s numbers make of a cosine', () => {
    fc.assert(
      fc.property(within(-1, 1), within(0.05, 10), (cosine, h) => {
        const r = Math.sqrt(2 - 2 * cosine);
        const scaled = kernel.scale(h) * cosine + kernel.offset(h);
        const log = name === 'exponential' ? -Math.sqrt(Math.max(0, scaled)) : scaled;
        expect(Math.abs(log - kernel.log(r, h))).toBeLessThan(1e-6);
      }),
    );
  });
});
