import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNEL_NAMES, type KernelName, kernelNamed, TOPS, topKShares } from '../../density/index.js';
import { openVectorReader, openVectorWriter } from '../../store/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors, unit } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const BANDWIDTHS = [0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 2];
/** Float64 sums in another order. */
const ROUNDING = 1e-9;

/** Kernels of all points relative to the largest, which comes first, in float64. */
function sortedKernels(query: Float32Array, vectors: Float32Array, kernel: KernelName, h: number): number[] {
  const points = pointsInMemory('a', vectors, query.length);
  const { neighbours } = oracle(query, [{ points, vectors }], kernel, h);
  const log = (r: number) => kernelNamed(kernel).log(r, h);
  return neighbours.map(({ distance }) => Math.exp(log(distance) - log(neighbours[0]!.distance)));
}

function shareOf(kernels: readonly number[], k: number): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(kernels.slice(0, k)) / sum(kernels);
}

/** A copy of a point, a near copy, and ordinary ones. */
function queriesNear(vectors: Float32Array, dims: number): Float32Array {
  const queries = clusteredVectors(5, dims, 77);
  queries.set(vectors.subarray(0, dims));
  queries.set(unit([...vectors.subarray(0, dims)].map((x, j) => x + (j === 0 ? 1e-3 : 0))), dims);
  return queries;
}

describe.each([8, 128, 384])('topKShares at %d dims', (dims) => {
  it.each([1, 2, 1000, 3000])('holds the float64 shares of %d points between its bounds', async (rows) => {
    const vectors = clusteredVectors(rows, dims, 1);
    const queries = queriesNear(vectors, dims);
    const tops = [...TOPS, 500, 0.5];
    const found = await topKShares(queries, [pointsInMemory('a', vectors, dims)], {
      ...{ kernels: KERNEL_NAMES, bandwidths: BANDWIDTHS, tops },
    });
    expect(found).toHaveLength(KERNEL_NAMES.length * BANDWIDTHS.length);
    for (const { kernel, bandwidth, queries: concentrations } of found) {
      expect(concentrations).toHaveLength(5);
      concentrations.forEach(({ shares, half }, q) => {
        const query = queries.subarray(q * dims, (q + 1) * dims);
        const kernels = sortedKernels(query, vectors, kernel, bandwidth);
        expect(shares.map(({ top }) => top)).toEqual(tops);
        for (const { top, k, share, low, high } of shares) {
          const where = `${kernel}, h ${bandwidth}, query ${q}, top ${top}`;
          expect(k, where).toBe(Math.min(rows, top < 1 ? Math.max(1, Math.round(top * rows)) : top));
          const truth = shareOf(kernels, k);
          expect(low, where).toBeLessThanOrEqual(truth + ROUNDING);
          expect(high, where).toBeGreaterThanOrEqual(truth - ROUNDING);
          expect(share, where).toBeGreaterThanOrEqual(low - ROUNDING);
          expect(share, where).toBeLessThanOrEqual(high + ROUNDING);
          if (bandwidth >= 0.05) expect(high - low, where).toBeLessThan(0.005);
          if (k <= 100 && bandwidth >= 0.05) expect(share, where).toBeCloseTo(truth, 3);
        }
        const where = `${kernel}, h ${bandwidth}, query ${q}, half at ${JSON.stringify(half)}`;
        expect(half.k, where).toBeGreaterThanOrEqual(half.low);
        expect(half.k, where).toBeLessThanOrEqual(half.high);
        expect(shareOf(kernels, half.high), where).toBeGreaterThanOrEqual(0.5 - ROUNDING);
        expect(shareOf(kernels, half.low - 1), where).toBeLessThan(0.5 + ROUNDING);
      });
    }
  });
});

describe('topKShares', () => {
  const vectors = clusteredVectors(700, 16, 3);
  const queries = clusteredVectors(4, 16, 5);
  const settings = { kernels: ['exponential', 'vmf'], bandwidths: [0.1, 0.4] } as const;

  it('grows with k, to 1 at all points', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 2, maxLength: 8 }),
        async (rows, ks) => {
          const tops = [...ks.sort((a, b) => a - b), rows];
          const points = [pointsInMemory('a', vectors.slice(0, rows * 16), 16)];
          for (const { queries: found } of await topKShares(queries, points, { ...settings, tops })) {
            for (const { shares } of found) {
              const upTo = shares.slice(0, -1).filter(({ k }) => k < rows);
              for (const name of ['share', 'low', 'high'] as const) {
                const values = upTo.map((one) => one[name]);
                expect(values).toEqual([...values].sort((a, b) => a - b));
              }
              expect(shares.at(-1)).toEqual({ top: rows, k: rows, share: 1, low: 1, high: 1 });
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('gives each of n equal points a share of 1/n', async () => {
    const rows = 400;
    const point = clusteredVectors(1, 16, 9);
    const equal = Float32Array.from({ length: rows * 16 }, (_, i) => point[i % 16]!);
    const [apart, together] = [queries.slice(0, 16), point];
    for (const query of [apart, together]) {
      const found = await topKShares(query, [pointsInMemory('a', equal, 16)], {
        ...{ kernels: KERNEL_NAMES, bandwidths: [0.2, 1], tops: [1, 100, 0.5] },
      });
      for (const { queries: concentrations } of found) {
        for (const { k, share, low, high } of concentrations[0]!.shares) {
          expect(low).toBeLessThanOrEqual(k / rows + ROUNDING);
          expect(high).toBeGreaterThanOrEqual(k / rows - ROUNDING);
          expect(share).toBeCloseTo(k / rows, 2);
        }
      }
    }
  });

  it('is the same over corpora as over one with all their points', async () => {
    const whole = await topKShares(queries, [pointsInMemory('all', vectors, 16)], settings);
    const cuts = [0, 30, 480, 700];
    const corpora = cuts
      .slice(1)
      .map((end, i) => pointsInMemory(`part ${i}`, vectors.slice(cuts[i]! * 16, end * 16), 16));
    const parts = await topKShares(queries, corpora, settings);
    parts.forEach(({ queries: found }, g) => {
      found.forEach(({ shares, half }, q) => {
        const alone = whole[g]!.queries[q]!;
        shares.forEach((share, s) => {
          expect(share.share).toBeCloseTo(alone.shares[s]!.share, 3);
          expect(share.low).toBeLessThanOrEqual(alone.shares[s]!.high);
          expect(share.high).toBeGreaterThanOrEqual(alone.shares[s]!.low);
        });
        expect(half.low).toBeLessThanOrEqual(alone.half.high);
        expect(half.high).toBeGreaterThanOrEqual(alone.half.low);
      });
    });
  });

  it('is the same for more queries than are counted at a time, and tells how far it is', async () => {
    const points = [pointsInMemory('a', clusteredVectors(50, 8, 1), 8)];
    const many = clusteredVectors(1100, 8, 2);
    const seen: number[] = [];
    const options = { kernels: ['gaussian'], bandwidths: [0.3] } as const;
    const [all] = await topKShares(many, points, {
      ...options,
      onProgress: ({ done, total = 0 }) => seen.push(done / total),
    });
    const [last] = await topKShares(many.slice(-8), points, options);
    expect(all!.queries).toHaveLength(1100);
    expect(all!.queries[1099]!.shares[0]!.share).toBeCloseTo(last!.queries[0]!.shares[0]!.share, 5);
    expect(seen).toEqual([0.5, 1]);
  });

  it('is the softmax over cosines with vmf', async () => {
    const h = 0.3;
    const [{ queries: found }] = (await topKShares(queries, [pointsInMemory('a', vectors, 16)], {
      ...{ kernels: ['vmf'], bandwidths: [h], tops: [10] },
    })) as [Awaited<ReturnType<typeof topKShares>>[number]];
    found.forEach(({ shares }, q) => {
      const cosines = Array.from({ length: 700 }, (_, row) =>
        Array.from({ length: 16 }, (_, j) => queries[q * 16 + j]! * vectors[row * 16 + j]!).reduce(
          (sum, product) => sum + product,
          0,
        ),
      );
      const weights = cosines.map((cosine) => Math.exp(cosine / h ** 2)).sort((a, b) => b - a);
      expect(shares[0]!.share).toBeCloseTo(shareOf(weights, 10), 3);
    });
  });

  it('refuses bandwidths and numbers of points that are none, and queries of other dims', async () => {
    const points = [pointsInMemory('a', vectors, 16)];
    for (const top of [0, -1, 1.5, Number.NaN]) {
      await expect(topKShares(queries, points, { ...settings, tops: [1, top] })).rejects.toThrow(
        `not ${top}`,
      );
    }
    await expect(topKShares(queries, points, { ...settings, bandwidths: [0] })).rejects.toThrow('not 0');
    await expect(topKShares(new Float32Array(17), points, settings)).rejects.toThrow('16-dim');
  });
});

describe('topKShares in worker threads', () => {
  it('gives what one thread gives, and its errors', async () => {
    const density: typeof import('../../density/index.js') = await import(built('density/index.js'));
    const vectors = clusteredVectors(3000, 16, 1);
    const folder = tempFolder();
    const writer = openVectorWriter(folder, { dims: 16, keepRows: 0 });
    writer.append(vectors);
    writer.commit();
    writer.close();
    const stored = { ...pointsInMemory('a', vectors, 16), folder, reader: openVectorReader(folder) };
    const queries = clusteredVectors(301, 16, 2);
    const options = { kernels: ['exponential', 'vmf'], bandwidths: [0.1, 0.4] } as const;
    const progress: number[] = [];
    const apart = await density.topKShares(queries, [stored], {
      ...{ ...options, threads: 2 },
      onProgress: ({ done }) => progress.push(done),
    });
    const here = await topKShares(queries, [pointsInMemory('a', vectors, 16)], options);
    apart.forEach(({ queries: found, ...one }, g) => {
      expect(one).toEqual({ kernel: here[g]!.kernel, bandwidth: here[g]!.bandwidth });
      expect(found).toHaveLength(301);
      found.forEach(({ shares }, q) => {
        shares.forEach(({ share }, s) => {
          expect(share).toBeCloseTo(here[g]!.queries[q]!.shares[s]!.share, 3);
        });
      });
    });
    expect(progress.at(-1)).toBe(3000);
    await expect(
      density.topKShares(
        queries.map((x) => 3 * x),
        [stored],
        { ...options, threads: 2 },
      ),
    ).rejects.toMatchObject({ name: 'DataError', message: expect.stringContaining('not of length 1') });
    stored.reader.close();
  });
});
