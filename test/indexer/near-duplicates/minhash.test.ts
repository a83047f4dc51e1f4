import { randomInt, randomLcg, range } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsFor, candidatePairs } from '../../../indexer/near-duplicates/candidates.js';
import { agreement, openMinHash, PERMUTATIONS } from '../../../indexer/near-duplicates/minhash.js';
import { jaccard, shinglesOf } from '../../../indexer/near-duplicates/shingles.js';

const sets = fc.uniqueArray(fc.nat(40)).map((values) => Uint32Array.from(values).sort());

describe('jaccard', () => {
  it('is the share of the union that two sets share', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const shared = a.filter((value) => b.includes(value)).length;
        expect(jaccard(a, b)).toBe(shared / Math.max(1, new Set([...a, ...b]).size));
      }),
    );
  });
});

describe('openMinHash', () => {
  it('agrees as often as the Jaccard index says', () => {
    const value = randomInt.source(randomLcg(5))(0, 2 ** 32);
    for (const index of [0, 0.2, 0.5, 0.8, 0.95, 1]) {
      const estimates = range(40).map((seed) => {
        const all = Uint32Array.from({ length: 200 }, value);
        const shared = Math.round(200 * index);
        const half = shared + Math.floor((200 - shared) / 2);
        const [a, b] = [all.slice(0, half), Uint32Array.from([...all.slice(0, shared), ...all.slice(half)])];
        const signatureOf = openMinHash(seed);
        return agreement(signatureOf(a), signatureOf(b));
      });
      const mean = estimates.reduce((sum, one) => sum + one, 0) / estimates.length;
      const error = Math.sqrt((index * (1 - index)) / PERMUTATIONS / estimates.length);
      expect(Math.abs(mean - index)).toBeLessThanOrEqual(4 * error + 1e-9);
    }
  });

  it('gives a signature of 512 bytes, by its seed', () => {
    const set = shinglesOf('We hold these truths to be self-evident', 5);
    expect(set).toHaveLength(4);
    expect(openMinHash(1)(set).byteLength).toBe(512);
    expect(openMinHash(1)(set)).toEqual(openMinHash(1)(set));
    expect(openMinHash(1)(set)).not.toEqual(openMinHash(2)(set));
  });
});

describe('bandsFor', () => {
  it.each([0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 1])(
    'brings 99%% of the pairs at %d together',
    (threshold) => {
      const { bands, rows } = bandsFor(threshold);
      expect(bands * rows).toBeLessThanOrEqual(PERMUTATIONS);
      if (rows > 1) expect(1 - (1 - threshold ** rows) ** bands).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('has 21 bands of 6 rows at 0.8', () => {
    expect(bandsFor(0.8)).toEqual({ bands: 21, rows: 6 });
  });
});

describe('candidatePairs', () => {
  it('names a pair once, and copies by their first alone', () => {
    const signatureOf = openMinHash(1);
    const one = signatureOf(Uint32Array.from(range(100)));
    const near = signatureOf(Uint32Array.from(range(3, 100)));
    const far = signatureOf(Uint32Array.from(range(1000, 1100)));
    const pairs = candidatePairs([one, undefined, near, one, far, one, near], 0.8);
    expect([...pairs].sort(([a], [b]) => a - b)).toEqual([
      [2, [0]],
      [3, [0]],
      [5, [0]],
      [6, [2]],
    ]);
  });
});
