import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDensity, KERNEL_NAMES, type KernelName, log10Of } from '../../density/index.js';
import { clusteredVectors, unit } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const BANDWIDTHS = [0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 2];

/** Queries that ask for trouble: a training point itself, points very near one, and ordinary ones. */
function queriesNear(vectors: Float32Array, dims: number): Float32Array {
  const first = [...vectors.subarray(0, dims)];
  const moved = (by: number) => unit(first.map((x, j) => x + (j === 0 ? by : 0)));
  const rows = [first, moved(1e-4), moved(1e-3), ...Array.from({ length: 5 }, () => [] as number[])];
  const ordinary = clusteredVectors(5, dims, 77);
  return Float32Array.from(
    rows.flatMap((row, i) => (row.length > 0 ? row : [...ordinary.subarray((i - 3) * dims, (i - 2) * dims)])),
  );
}

async function expectAsOracle(
  corpora: { name: string; vectors: Float32Array; documentRows?: number }[],
  queries: Float32Array,
  dims: number,
  kernel: KernelName,
  bandwidth: number,
): Promise<void> {
  const known = corpora.map(({ name, vectors, documentRows }) => ({
    points: pointsInMemory(name, vectors, dims, documentRows),
    vectors,
  }));
  const n = known.reduce((sum, { points }) => sum + points.documentOfRow.length, 0);
  const estimates = await exactDensity(
    queries,
    known.map(({ points }) => points),
    { kernel, bandwidth, neighbours: 5, documents: 10_000 },
  );
  const alone = await exactDensity(
    queries,
    known.map(({ points }) => points),
    { kernel, bandwidth, attribution: false },
  );
  for (const [q, estimate] of estimates.entries()) {
    const truth = oracle(queries.subarray(q * dims, (q + 1) * dims), known, kernel, bandwidth);
    const where = `${kernel}, h ${bandwidth}, ${dims} dims, n ${n}, query ${q}, log10 f ${truth.log10Density}`;
    expect(Math.abs(log10Of(estimate.logDensity) - truth.log10Density), where).toBeLessThan(1e-4);
    expect(estimate.effectiveSamples / truth.effectiveSamples, where).toBeCloseTo(1, 3);
    expect(Math.abs(log10Of(alone[q]!.logDensity) - truth.log10Density), where).toBeLessThan(1e-4);
    expect(alone[q]!.effectiveSamples / truth.effectiveSamples, where).toBeCloseTo(1, 3);
    expect(alone[q]!.sources).toEqual([]);
    expect(estimate.touched).toBe(1);
    expect(estimate.standardError).toBe(0);
    for (const { corpus, source, share } of estimate.sources) {
      expect(Math.abs(share - truth.sources.get(`${corpus}/${source}`)!), where).toBeLessThan(1e-4);
    }
    for (const { corpus, document, share } of estimate.documents) {
      expect(Math.abs(share - truth.documents.get(`${corpus}/${document}`)!), where).toBeLessThan(1e-4);
    }
    expect(estimate.sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(estimate.neighbours).toHaveLength(Math.min(5, n));
    estimate.neighbours.forEach(({ distance }, rank) => {
      expect(distance, where).toBeCloseTo(truth.neighbours[rank]!.distance, 6);
    });
  }
}

describe.each(KERNEL_NAMES)('exactDensity with the %s kernel, against float64', (kernel) => {
  it.each([8, 128, 384, 512, 1024])('is right to 1e-4 in log10 at %d dims, every bandwidth', async (dims) => {
    const vectors = clusteredVectors(300, dims, 1);
    for (const bandwidth of BANDWIDTHS) {
      await expectAsOracle([{ name: 'a', vectors }], queriesNear(vectors, dims), dims, kernel, bandwidth);
    }
  });

  it.each([1, 2, 17, 2049, 5000])('is right for %d points, documents crossing tiles', async (rows) => {
    const vectors = clusteredVectors(rows, 64, 2);
    for (const bandwidth of [0.02, 0.1, 0.5]) {
      await expectAsOracle(
        [{ name: 'a', vectors, documentRows: 700 }],
        queriesNear(vectors, 64),
        64,
        kernel,
        bandwidth,
      );
    }
  });

  it('is right over several corpora', async () => {
    const [a, b] = [clusteredVectors(2500, 32, 3), clusteredVectors(40, 32, 4)];
    await expectAsOracle(
      [
        { name: 'a', vectors: a },
        { name: 'b', vectors: b, documentRows: 1 },
      ],
      queriesNear(b, 32),
      32,
      kernel,
      0.1,
    );
  });

  it('is right where more copies of a query are there than points are refined', async () => {
    const vectors = clusteredVectors(500, 32, 5);
    for (let row = 100; row < 200; row++) vectors.set(vectors.subarray(0, 32), row * 32);
    for (const bandwidth of [0.005, 0.05, 0.5]) {
      await expectAsOracle([{ name: 'a', vectors }], queriesNear(vectors, 32), 32, kernel, bandwidth);
    }
  });

  it('is 1 where all points are the query', async () => {
    const vector = clusteredVectors(1, 16, 6);
    const vectors = Float32Array.from(Array.from({ length: 50 }, () => [...vector]).flat());
    const [estimate] = await exactDensity(vector, [pointsInMemory('a', vectors, 16)], {
      kernel,
      bandwidth: 0.1,
    });
    expect(estimate!.logDensity).toBeCloseTo(0, 9);
    expect(estimate!.effectiveSamples).toBeCloseTo(50, 6);
  });

  it('adds up over corpora, and counts repeated points twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), async (m, n) => {
        const [a, b] = [clusteredVectors(m, 16, 7), clusteredVectors(n, 16, 8)];
        const queries = clusteredVectors(3, 16, 9);
        const options = { kernel, bandwidth: 0.2 };
        const density = async (...corpora: Float32Array[]) => {
          const points = corpora.map((vectors, i) => pointsInMemory(`c${i}`, vectors, 16));
          return (await exactDensity(queries, points, options)).map(({ logDensity }) => Math.exp(logDensity));
        };
        const [inA, inB, inBoth, twice] = [
          await density(a),
          await density(b),
          await density(a, b),
          await density(a, a),
        ];
        inBoth.forEach((f, q) => {
          expect(f / ((m * inA[q]! + n * inB[q]!) / (m + n))).toBeCloseTo(1, 5);
          expect(twice[q]! / inA[q]!).toBeCloseTo(1, 5);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('grows with the bandwidth', async () => {
    const points = [pointsInMemory('a', clusteredVectors(400, 16, 10), 16)];
    const queries = clusteredVectors(4, 16, 11);
    let last = [-Infinity, -Infinity, -Infinity, -Infinity];
    for (const bandwidth of BANDWIDTHS) {
      const now = (await exactDensity(queries, points, { kernel, bandwidth })).map(
        ({ logDensity }) => logDensity,
      );
      now.forEach((log, q) => {
        expect(log).toBeGreaterThan(last[q]!);
      });
      last = now;
    }
  });
});

describe('exactDensity', () => {
  it('gives the vmf kernel the numbers of the gaussian, exp(κ(cos − 1)) with κ = 1/h²', async () => {
    const points = [pointsInMemory('a', clusteredVectors(300, 32, 1), 32)];
    const queries = clusteredVectors(10, 32, 2);
    const options = { bandwidth: 0.15, neighbours: 3, documents: 3 };
    const vmf = await exactDensity(queries, points, { ...options, kernel: 'vmf' });
    expect(vmf).toEqual(await exactDensity(queries, points, { ...options, kernel: 'gaussian' }));
    const { neighbours } = vmf[0]!;
    const cosines = neighbours.map(({ distance }) => 1 - distance ** 2 / 2);
    const ratio = Math.exp((cosines[1]! - cosines[0]!) / 0.15 ** 2);
    expect(neighbours[1]!.share / neighbours[0]!.share).toBeCloseTo(ratio, 6);
  });

  it('refuses a bandwidth that is none, and queries of other dims', async () => {
    const points = [pointsInMemory('a', clusteredVectors(4, 8, 1), 8)];
    for (const bandwidth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(
        exactDensity(new Float32Array(8), points, { kernel: 'gaussian', bandwidth }),
      ).rejects.toThrow('positive number');
    }
    await expect(
      exactDensity(new Float32Array(9), points, { kernel: 'gaussian', bandwidth: 1 }),
    ).rejects.toThrow('8-dim');
  });
});
