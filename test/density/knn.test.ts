import { describe, expect, it } from 'vitest';
import { knnDensity } from '../../density/index.js';
import { clusteredVectors } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

describe('knnDensity', () => {
  describe.each([8, 128, 384])('at %d dims', (dims) => {
    it.each([1, 2, 1000, 3000])('is that of float64 distances for %d points', async (rows) => {
      const vectors = clusteredVectors(rows, dims, 1);
      const points = pointsInMemory('a', vectors, dims);
      const queries = clusteredVectors(10, dims, 77);
      for (const k of [1, 2, 10, 100].filter((one) => one <= rows)) {
        const estimates = await knnDensity(queries, [points], { k });
        estimates.forEach(({ logDensity, distance, neighbours }, q) => {
          const query = queries.subarray(q * dims, (q + 1) * dims);
          const truth = oracle(query, [{ points, vectors }], 'gaussian', 1).neighbours.slice(0, k);
          expect(distance).toBeCloseTo(truth.at(-1)!.distance, 9);
          expect(logDensity).toBeCloseTo(Math.log(k / rows) - dims * Math.log(truth.at(-1)!.distance), 6);
          expect(neighbours.map(({ row }) => row)).toEqual(truth.map(({ row }) => row));
        });
      }
    });
  });

  it('finds neighbours in all corpora, and says which', async () => {
    const vectors = clusteredVectors(500, 16, 1);
    const queries = clusteredVectors(10, 16, 2);
    const a = pointsInMemory('a', vectors.slice(0, 200 * 16), 16);
    const b = { ...pointsInMemory('b', vectors.slice(200 * 16), 16), corpusId: 2 };
    const together = await knnDensity(queries, [pointsInMemory('a', vectors, 16)], { k: 20 });
    const apart = await knnDensity(queries, [a, b], { k: 20 });
    apart.forEach(({ logDensity, neighbours }, q) => {
      expect(logDensity).toBe(together[q]!.logDensity);
      expect(neighbours.map(({ corpusId, row }) => (corpusId === 2 ? 200 + row : row))).toEqual(
        together[q]!.neighbours.map(({ row }) => row),
      );
    });
  });

  it('is infinite at k copies of a query', async () => {
    const vectors = clusteredVectors(50, 16, 1);
    vectors.set(vectors.subarray(0, 16), 16);
    const points = [pointsInMemory('a', vectors, 16)];
    const query = vectors.slice(0, 16);
    expect((await knnDensity(query, points, { k: 2 }))[0]!.logDensity).toBe(Number.POSITIVE_INFINITY);
    expect((await knnDensity(query, points, { k: 3 }))[0]!.logDensity).toBeLessThan(100);
  });

  it('refuses a k that no point has, and queries of other dims', async () => {
    const points = [pointsInMemory('a', clusteredVectors(4, 8, 1), 8)];
    for (const k of [0, 1.5, 5, Number.NaN]) {
      await expect(knnDensity(new Float32Array(8), points, { k })).rejects.toThrow(
        `from 1 to the 4 points there are, not ${k}`,
      );
    }
    await expect(knnDensity(new Float32Array(9), points, { k: 1 })).rejects.toThrow('8-dim');
  });
});
