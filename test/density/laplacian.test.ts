import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laplacianDensity, log10Of } from '../../density/index.js';
import { clusteredVectors } from './clustered.js';
import { pointsInMemory } from './oracle.js';

/** log f and the effective sample size by float64 sums. */
function laplacianOracle(query: Float32Array, vectors: Float32Array, h: number) {
  const dims = query.length;
  const logs = Array.from({ length: vectors.length / dims }, (_, row) => {
    return -query.reduce((sum, x, j) => sum + Math.abs(x - vectors[row * dims + j]!), 0) / h;
  });
  const largest = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - largest), 0);
  const squares = logs.reduce((sum, log) => sum + Math.exp(2 * (log - largest)), 0);
  return { logDensity: largest + Math.log(total / logs.length), effectiveSamples: total ** 2 / squares };
}

describe('laplacianDensity', () => {
  describe.each([8, 128, 384])('at %d dims', (dims) => {
    it.each([1, 2, 1000])('is right to 2e-4 in log10 for %d points, every bandwidth', async (rows) => {
      const vectors = clusteredVectors(rows, dims, 1);
      const queries = clusteredVectors(20, dims, 77);
      queries.set(vectors.subarray(0, dims));
      for (const relative of [0.01, 0.1, 1, 10]) {
        const bandwidth = relative * Math.sqrt(dims);
        const estimates = await laplacianDensity(queries, [pointsInMemory('a', vectors, dims)], {
          bandwidth,
        });
        expect(estimates).toHaveLength(20);
        estimates.forEach((estimate, q) => {
          const truth = laplacianOracle(queries.subarray(q * dims, (q + 1) * dims), vectors, bandwidth);
          const where = `h ${bandwidth}, query ${q}, log f ${truth.logDensity}`;
          expect(log10Of(Math.abs(estimate.logDensity - truth.logDensity)), where).toBeLessThan(2e-4);
          expect(estimate.effectiveSamples / truth.effectiveSamples, where).toBeCloseTo(1, 2);
        });
      }
    });
  });

  it('is scale-invariant, adds up over corpora, counts repeated points twice, and grows with h', async () => {
    const rows = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.double({ min: 0.1, max: 10, noNaN: true }), async (m, n, factor) => {
        const [a, b] = [clusteredVectors(m, 16, 7), clusteredVectors(n, 16, 8)];
        const queries = clusteredVectors(3, 16, 9);
        const density = async (h: number, given: Float32Array, ...corpora: Float32Array[]) => {
          const points = corpora.map((vectors, i) => pointsInMemory(`c${i}`, vectors, 16));
          const estimates = await laplacianDensity(given, points, { bandwidth: h });
          return estimates.map(({ logDensity }) => Math.exp(logDensity));
        };
        const scaled = (vectors: Float32Array) => vectors.map((x) => x * factor);
        const inA = await density(0.7, queries, a);
        const inB = await density(0.7, queries, b);
        const inBoth = await density(0.7, queries, a, b);
        const twice = await density(0.7, queries, a, a);
        const rescaled = await density(0.7 * factor, scaled(queries), scaled(a));
        const wider = await density(0.8, queries, a);
        inBoth.forEach((f, q) => {
          expect(f / ((m * inA[q]! + n * inB[q]!) / (m + n))).toBeCloseTo(1, 4);
          expect(twice[q]! / inA[q]!).toBeCloseTo(1, 4);
          expect(rescaled[q]! / inA[q]!).toBeCloseTo(1, 4);
          expect(wider[q]!).toBeGreaterThan(inA[q]!);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('refuses a bandwidth that is none, and queries of other dims', async () => {
    const points = [pointsInMemory('a', clusteredVectors(4, 8, 1), 8)];
    for (const bandwidth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(laplacianDensity(new Float32Array(8), points, { bandwidth })).rejects.toThrow(
        `positive number, not ${bandwidth}`,
      );
    }
    await expect(laplacianDensity(new Float32Array(9), points, { bandwidth: 1 })).rejects.toThrow('8-dim');
  });
});
