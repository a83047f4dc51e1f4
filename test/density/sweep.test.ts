import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDensity, KERNEL_NAMES, log10Of, mixtureDensity, sweep } from '../../density/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors, unit } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const BANDWIDTHS = [0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 2];

/** Copies of a point, near copies and ordinary ones. */
function awkwardQueries(vectors: Float32Array, dims: number): Float32Array {
  const queries = clusteredVectors(6, dims, 77);
  queries.set(vectors.subarray(0, dims));
  queries.set(unit([...vectors.subarray(0, dims)].map((x, j) => x + (j === 0 ? 1e-3 : 0))), dims);
  return queries;
}

describe.each([8, 128, 384])('sweep at %d dims', (dims) => {
  it.each([1, 2, 1000])(
    'is within its bound of float64, and within 1e-3 in log10, for %d points',
    async (rows) => {
      const vectors = clusteredVectors(rows, dims, 1);
      const points = pointsInMemory('a', vectors, dims);
      const queries = awkwardQueries(vectors, dims);
      const swept = await sweep(queries, [points], { kernels: KERNEL_NAMES, bandwidths: BANDWIDTHS });
      expect(swept).toHaveLength(KERNEL_NAMES.length * BANDWIDTHS.length);
      for (const densities of swept) {
        const { kernel, bandwidth } = densities;
        for (const [q, estimate] of mixtureDensity(densities).entries()) {
          const query = queries.subarray(q * dims, (q + 1) * dims);
          const truth = oracle(query, [{ points, vectors }], kernel, bandwidth);
          const where = `${kernel}, h ${bandwidth}, query ${q}, log10 f ${truth.log10Density}`;
          const error = Math.abs(estimate.logDensity - truth.log10Density * Math.LN10);
          expect(error, where).toBeLessThanOrEqual(estimate.errorBound + 1e-9);
          expect(log10Of(error), where).toBeLessThan(1e-3);
          expect(estimate.effectiveSamples / truth.effectiveSamples, where).toBeCloseTo(1, 2);
        }
      }
    },
  );
});

describe('sweep', () => {
  it('states a bound below 1e-3 in log10 at bandwidths that sentence embeddings are measured with', async () => {
    const points = pointsInMemory('a', clusteredVectors(3000, 128, 1), 128);
    const bandwidths = [0.1, 0.2, 0.5];
    const swept = await sweep(clusteredVectors(20, 128, 2), [points], {
      kernels: ['exponential'],
      bandwidths,
    });
    for (const densities of swept) {
      for (const { errorBound } of mixtureDensity(densities)) {
        expect(errorBound).toBeGreaterThan(0);
        expect(log10Of(errorBound)).toBeLessThan(1e-3);
      }
    }
  });

  it('is within its bound where more copies of a query are there than are kept apart', async () => {
    const vectors = clusteredVectors(500, 32, 5);
    for (let row = 100; row < 200; row++) vectors.set(vectors.subarray(0, 32), row * 32);
    const points = pointsInMemory('a', vectors, 32);
    const query = vectors.slice(0, 32);
    const swept = await sweep(query, [points], {
      kernels: KERNEL_NAMES,
      bandwidths: [0.02, 0.1, 0.5],
      nearest: 4,
    });
    for (const densities of swept) {
      const truth = oracle(query, [{ points, vectors }], densities.kernel, densities.bandwidth);
      const [estimate] = mixtureDensity(densities);
      expect(Math.abs(estimate!.logDensity - truth.log10Density * Math.LN10)).toBeLessThanOrEqual(
        estimate!.errorBound + 1e-9,
      );
    }
  });

  it('gives the same for more queries than are counted at a time', async () => {
    const points = [pointsInMemory('a', clusteredVectors(50, 8, 1), 8)];
    const queries = clusteredVectors(1100, 8, 2);
    const options = { kernels: ['gaussian'], bandwidths: [0.3] } as const;
    const seen: number[] = [];
    const [all] = await sweep(queries, points, {
      ...options,
      onProgress: ({ done, total = 0 }) => seen.push(done / total),
    });
    const [last] = await sweep(queries.slice(-8), points, options);
    expect(mixtureDensity(all!)[1099]!.logDensity).toBeCloseTo(mixtureDensity(last!)[0]!.logDensity, 5);
    expect(seen).toEqual([0.5, 1]);
  });

  it('refuses bandwidths that are none, queries of other dims, a corpus twice, and vectors not of length 1', async () => {
    const points = [pointsInMemory('a', clusteredVectors(4, 8, 1), 8)];
    const kernels = ['gaussian'] as const;
    for (const bandwidth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(
        sweep(new Float32Array(8), points, { kernels, bandwidths: [1, bandwidth] }),
      ).rejects.toThrow(`positive number, not ${bandwidth}`);
    }
    await expect(sweep(new Float32Array(9), points, { kernels, bandwidths: [1] })).rejects.toThrow('8-dim');
    await expect(
      sweep(new Float32Array(8), [...points, ...points], { kernels, bandwidths: [1] }),
    ).rejects.toThrow('Corpus "a" is given twice');
    const long = clusteredVectors(1, 8, 1).map((x) => -3 * x);
    await expect(sweep(long, points, { kernels, bandwidths: [1] })).rejects.toThrow('not of length 1');
  });
});

describe('sweep in worker threads', () => {
  it('gives what one thread gives, and its errors', async () => {
    const { openVectorReader, openVectorWriter } = await import('../../store/index.js');
    const density: typeof import('../../density/index.js') = await import(built('density/index.js'));
    const folder = tempFolder();
    const vectors = clusteredVectors(3000, 16, 1);
    const writer = openVectorWriter(folder, { dims: 16, keepRows: 0 });
    writer.append(vectors);
    writer.commit();
    writer.close();
    const stored = { ...pointsInMemory('a', vectors, 16), folder, reader: openVectorReader(folder) };
    const queries = clusteredVectors(301, 16, 2);
    const options = { kernels: ['exponential', 'vmf'], bandwidths: [0.1, 0.4] } as const;
    const progress: number[] = [];
    const apart = await density.sweep(queries, [stored], {
      ...options,
      threads: 2,
      onProgress: ({ done }) => progress.push(done),
    });
    const here = await sweep(queries, [pointsInMemory('a', vectors, 16)], options);
    apart.forEach((densities, g) => {
      expect(densities).toMatchObject({ kernel: here[g]!.kernel, bandwidth: here[g]!.bandwidth });
      const truth = mixtureDensity(here[g]!);
      mixtureDensity(densities).forEach(({ logDensity }, q) => {
        expect(logDensity).toBeCloseTo(truth[q]!.logDensity, 3);
      });
    });
    expect(progress.at(-1)).toBe(3000);
    const long = queries.map((x) => 3 * x);
    await expect(density.sweep(long, [stored], { ...options, threads: 2 })).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringContaining('not of length 1'),
    });
    stored.reader.close();
  });
});

describe('mixtureDensity', () => {
  const [a, b] = [clusteredVectors(700, 16, 3), clusteredVectors(40, 16, 4)];
  const queries = clusteredVectors(5, 16, 5);
  const options = { kernels: ['exponential', 'gaussian'], bandwidths: [0.1, 0.4] } as const;

  it('is the density of all points by default, and of a corpus alone where others weigh nothing', async () => {
    const points = [pointsInMemory('a', a, 16), pointsInMemory('b', b, 16)];
    for (const densities of await sweep(queries, points, options)) {
      const { kernel, bandwidth } = densities;
      const together = await exactDensity(queries, points, { kernel, bandwidth });
      const alone = await exactDensity(queries, points.slice(1), { kernel, bandwidth });
      const [all, inB] = [mixtureDensity(densities), mixtureDensity(densities, { b: 3 })];
      queries.subarray(0, 5).forEach((_, q) => {
        expect(all[q]!.logDensity).toBeCloseTo(together[q]!.logDensity, 2);
        expect(all[q]!.effectiveSamples / together[q]!.effectiveSamples).toBeCloseTo(1, 2);
        expect(inB[q]!.logDensity).toBeCloseTo(alone[q]!.logDensity, 2);
        expect(inB[q]!.effectiveSamples / alone[q]!.effectiveSamples).toBeCloseTo(1, 2);
      });
    }
  });

  it('gives a corpus of double weight what its points twice would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 }), async (m, times) => {
        const part = a.slice(0, m * 16);
        const repeated = Float32Array.from(Array.from({ length: times }, () => [...part]).flat());
        const once = await sweep(
          queries,
          [pointsInMemory('a', part, 16), pointsInMemory('b', b, 16)],
          options,
        );
        const often = await sweep(
          queries,
          [pointsInMemory('a', repeated, 16), pointsInMemory('b', b, 16)],
          options,
        );
        once.forEach((densities, g) => {
          const weighted = mixtureDensity(densities, { a: m * times, b: 40 });
          mixtureDensity(often[g]!).forEach(({ logDensity, errorBound }, q) => {
            const difference = Math.abs(weighted[q]!.logDensity - logDensity);
            expect(difference).toBeLessThanOrEqual(errorBound + weighted[q]!.errorBound + 1e-9);
          });
        });
      }),
      { numRuns: 10 },
    );
  });

  it('adds up over shards in any order and grouping', async () => {
    const whole = await sweep(queries, [pointsInMemory('a', a, 16)], options);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 699 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (inside, reverse) => {
        const ends = [0, ...inside.sort((x, y) => x - y), 700];
        const shards = ends
          .slice(1)
          .map((end, i) => pointsInMemory(`shard ${i}`, a.slice(ends[i]! * 16, end * 16), 16));
        const parts = await sweep(queries, reverse ? shards.reverse() : shards, options);
        parts.forEach((densities, g) => {
          const truth = mixtureDensity(whole[g]!);
          mixtureDensity(densities).forEach(({ logDensity, errorBound }, q) => {
            const difference = Math.abs(logDensity - truth[q]!.logDensity);
            expect(difference).toBeLessThanOrEqual(errorBound + truth[q]!.errorBound + 1e-9);
          });
        });
      }),
      { numRuns: 10 },
    );
  });

  it('grows with the bandwidth', async () => {
    const bandwidths = BANDWIDTHS.filter((h) => h >= 0.05);
    const swept = await sweep(queries, [pointsInMemory('a', a, 16)], { kernels: KERNEL_NAMES, bandwidths });
    swept.forEach((densities, g) => {
      if (g % bandwidths.length === 0) return;
      const smaller = mixtureDensity(swept[g - 1]!);
      mixtureDensity(densities).forEach(({ logDensity }, q) => {
        expect(logDensity).toBeGreaterThan(smaller[q]!.logDensity);
      });
    });
  });

  it('refuses weights for unknown corpora, negative ones, and none at all', async () => {
    const [densities] = await sweep(queries, [pointsInMemory('a', a, 16)], options);
    expect(() => mixtureDensity(densities!, { c: 1 })).toThrow('no corpus "c" in the sweep');
    expect(() => mixtureDensity(densities!, { a: -1 })).toThrow('must be a number of at least 0, not -1');
    expect(() => mixtureDensity(densities!, { a: 0 })).toThrow('must not all be 0');
  });
});
