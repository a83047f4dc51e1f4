import { describe, expect, it } from 'vitest';
import { bandwidthBy } from '../../density/index.js';
import { UsageError } from '../../store/index.js';
import { clusteredVectors } from './clustered.js';
import { pointsInMemory } from './oracle.js';

const DIMS = 32;
const task = { kernel: 'gaussian' as const, seed: 1 };
const queries = clusteredVectors(20, DIMS, 2);

describe('bandwidthBy', () => {
  it('takes a number as it is', async () => {
    const given = { value: 0.3, rule: 'given' };
    expect(await bandwidthBy(given, queries, [], task)).toEqual({ bandwidth: 0.3, rule: 'given' });
  });

  it('refuses more effective samples than there are points', async () => {
    const points = [pointsInMemory('c', clusteredVectors(50, DIMS, 1), DIMS)];
    const asked = bandwidthBy({ effectiveSamples: 100 }, queries, points, task);
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow('cannot rest on 100 effective samples of 50 points');
  });

  it('warns of near copies where they rule the likelihood, and not elsewhere', async () => {
    const apart = clusteredVectors(200, DIMS, 1);
    const clean = await bandwidthBy({ likelihood: true }, queries, [pointsInMemory('c', apart, DIMS)], task);
    expect(clean.rule).toMatch(/^likelihood: 200 training points/);
    expect(clean.rule).not.toContain('near copies');
    // Every point again, moved by about a hundredth.
    const noise = clusteredVectors(200, DIMS, 9);
    const near = apart.map((value, i) => value + 0.01 * noise[i]!);
    for (let row = 0; row < 200; row++) {
      const one = near.subarray(row * DIMS, (row + 1) * DIMS);
      one.set(one.map((value) => value / Math.hypot(...one)));
    }
    const both = new Float32Array([...apart, ...near]);
    const ruled = await bandwidthBy({ likelihood: true }, queries, [pointsInMemory('c', both, DIMS)], task);
    expect(ruled.bandwidth).toBeLessThan(clean.bandwidth / 4);
    expect(ruled.rule).toMatch(/; near copies may rule it, for the median one rests on 1\.\d others$/);
  });
});
