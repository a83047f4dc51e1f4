import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DensityEstimate, exactDensity, openPoints, type Points } from '../../density/index.js';
import { DataError, ensureCorpus, openStudy } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';
import { clusteredVectors, unit } from './clustered.js';
import { pointsInMemory } from './oracle.js';

const DIMS = 12;
const RUNS = { numRuns: 15 };
const seeds = fc.integer({ min: 1, max: 500 });
const bandwidths = fc.constantFrom(0.05, 0.2, 0.8);
const kernels = fc.constantFrom('exponential' as const, 'gaussian' as const, 'vmf' as const);

const density = (
  queries: Float32Array,
  points: Points[],
  kernel: 'exponential' | 'gaussian' | 'vmf',
  bandwidth: number,
) => exactDensity(queries, points, { kernel, bandwidth });
const logs = (estimates: readonly DensityEstimate[]) => estimates.map(({ logDensity }) => logDensity);

function expectSame(a: readonly number[], b: readonly number[]): void {
  expect(a).toHaveLength(b.length);
  a.forEach((value, i) => {
    expect(value).toBeCloseTo(b[i]!, 3);
  });
}

/** The rows in another order. */
function reordered(vectors: Float32Array, order: readonly number[]): Float32Array {
  return Float32Array.from(order.flatMap((row) => [...vectors.subarray(row * DIMS, (row + 1) * DIMS)]));
}

/** The vectors mirrored at the hyperplane across a direction, one after the other: an orthogonal matrix. */
function turned(vectors: Float32Array, directions: Float32Array): Float32Array {
  const out = Float64Array.from(vectors);
  for (let d = 0; d < directions.length; d += DIMS) {
    for (let row = 0; row < out.length; row += DIMS) {
      let product = 0;
      for (let j = 0; j < DIMS; j++) product += out[row + j]! * directions[d + j]!;
      for (let j = 0; j < DIMS; j++) out[row + j]! -= 2 * product * directions[d + j]!;
    }
  }
  return Float32Array.from(out);
}

describe('the exact density', () => {
  test('does not change where all vectors are turned alike', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, kernels, bandwidths, async (seed, kernel, h) => {
        const [vectors, queries] = [clusteredVectors(80, DIMS, seed), clusteredVectors(5, DIMS, seed + 1)];
        const directions = unitVectors(3, DIMS, seed / 1000);
        const before = await density(queries, [pointsInMemory('a', vectors, DIMS)], kernel, h);
        const points = [pointsInMemory('a', turned(vectors, directions), DIMS)];
        expectSame(logs(await density(turned(queries, directions), points, kernel, h)), logs(before));
      }),
      RUNS,
    );
  });

  test('depends neither on the order of points nor on that of queries', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...([seeds, kernels, bandwidths] as const),
        fc.shuffledSubarray([...Array(60).keys()], { minLength: 60 }),
        fc.shuffledSubarray([...Array(6).keys()], { minLength: 6 }),
        async (seed, kernel, h, pointOrder, queryOrder) => {
          const [vectors, queries] = [clusteredVectors(60, DIMS, seed), clusteredVectors(6, DIMS, seed + 1)];
          const before = logs(await density(queries, [pointsInMemory('a', vectors, DIMS)], kernel, h));
          const points = [pointsInMemory('a', reordered(vectors, pointOrder), DIMS)];
          const after = logs(await density(reordered(queries, queryOrder), points, kernel, h));
          expectSame(
            after,
            queryOrder.map((q) => before[q]!),
          );
        },
      ),
      RUNS,
    );
  });

  test('is the same over corpora in any order and grouping', async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        kernels,
        bandwidths,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        async (seed, kernel, h, cuts) => {
          const vectors = clusteredVectors(100, DIMS, seed);
          const queries = clusteredVectors(4, DIMS, seed + 1);
          const edges = [
            0,
            ...cuts.map((_, i) => cuts.slice(0, i + 1).reduce((sum, cut) => sum + cut, 0)),
            100,
          ].filter((edge) => edge <= 100);
          const parts = edges.slice(1).flatMap((edge, i) => {
            const part = vectors.subarray(edges[i]! * DIMS, edge * DIMS);
            return part.length > 0 ? [pointsInMemory(`part ${i}`, part, DIMS)] : [];
          });
          const whole = logs(await density(queries, [pointsInMemory('all', vectors, DIMS)], kernel, h));
          expectSame(logs(await density(queries, parts, kernel, h)), whole);
          expectSame(logs(await density(queries, [...parts].reverse(), kernel, h)), whole);
        },
      ),
      RUNS,
    );
  });

  test('rests on at least one and at most all points, and its shares add up to 1', async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        kernels,
        bandwidths,
        fc.integer({ min: 1, max: 90 }),
        async (seed, kernel, h, rows) => {
          const points = [pointsInMemory('a', clusteredVectors(rows, DIMS, seed), DIMS)];
          for (const { effectiveSamples, sources } of await density(
            clusteredVectors(4, DIMS, seed + 1),
            points,
            kernel,
            h,
          )) {
            expect(effectiveSamples).toBeGreaterThan(1 - 1e-6);
            expect(effectiveSamples).toBeLessThan(rows + 1e-3);
            expect(sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
          }
        },
      ),
      RUNS,
    );
  });

  test('of points that are all opposite to the query is the kernel at distance 2', async () => {
    const query = Float32Array.from(unit(Array.from({ length: DIMS }, (_, j) => j + 1)));
    const opposite = Float32Array.from({ length: 40 * DIMS }, (_, i) => -query[i % DIMS]!);
    const [one] = await density(query, [pointsInMemory('a', opposite, DIMS)], 'exponential', 0.2);
    expect(one!.logDensity).toBeCloseTo(-2 / 0.2, 4);
    expect(one!.effectiveSamples).toBeCloseTo(40, 3);
  });
});

test('a corpus without chunks is refused by name', () => {
  const study = openStudy(tempFolder(), { write: true });
  ensureCorpus(study.db, { name: 'empty', role: 'pretrain', embedder: 'test', fingerprint: 'f', dims: DIMS });
  expect(() => openPoints(study, ['empty'], { fingerprint: 'f' })).toThrow(DataError);
  expect(() => openPoints(study, ['empty'], { fingerprint: 'f' })).toThrow(/Corpus "empty" has no chunks/);
  study.close();
});
