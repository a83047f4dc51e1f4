import { describe, expect, it } from 'vitest';
import { chooseBandwidth, exactDensity, KERNEL_NAMES } from '../../density/index.js';
import { clusteredVectors } from './clustered.js';
import { pointsInMemory } from './oracle.js';

const points = [pointsInMemory('a', clusteredVectors(3000, 64, 1), 64)];
const queries = clusteredVectors(31, 64, 2);

describe.each(KERNEL_NAMES)('chooseBandwidth with the %s kernel', (kernel) => {
  it.each([10, 100, 1000])('lets the median query rest on %d effective samples', async (effectiveSamples) => {
    const { bandwidth, rule } = await chooseBandwidth(queries, points, { kernel, effectiveSamples });
    const sizes = (await exactDensity(queries, points, { kernel, bandwidth })).map(
      (one) => one.effectiveSamples,
    );
    const median = sizes.sort((a, b) => a - b)[15]!;
    expect(Math.abs(median / effectiveSamples - 1)).toBeLessThan(0.02);
    expect(rule).toBe(`auto: the median of 31 queries rests on ${effectiveSamples} effective samples`);
  });
});

describe('chooseBandwidth', () => {
  it('refuses a target that cannot be reached', async () => {
    for (const effectiveSamples of [0.5, 3000, Number.NaN]) {
      await expect(
        chooseBandwidth(queries, points, { kernel: 'gaussian', effectiveSamples }),
      ).rejects.toThrow('below the 3000 points');
    }
  });
});
