import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DensityEstimate, EstimatorOptions, KernelName, Points } from '../../../density/index.js';
import { exactDensity, stratifiedDensity } from '../../../density/index.js';
import { UsageError } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';
import { unitVectors } from '../../support/unit-vectors.js';
import { clusteredVectors } from '../clustered.js';
import { pointsInMemory } from '../oracle.js';
import { clusteredPoints, storedPoints } from './clustered-points.js';

const DIMS = 24;
const SETTINGS = { kernel: 'exponential', bandwidth: 0.15, relativeError: 0, budget: 0.1 } as const;

let vectors: Float32Array;
let queries: Float32Array;
let points: Points;

beforeAll(async () => {
  vectors = clusteredVectors(8000, DIMS, 1);
  queries = clusteredVectors(60, DIMS, 2);
  points = await clusteredPoints(tempFolder(), 'train', vectors, DIMS);
});
afterAll(() => points.reader.close());

const estimate = (options: Partial<EstimatorOptions> = {}, of = [points], asked = queries) =>
  stratifiedDensity(asked, of, { ...SETTINGS, ...options });

const relative = (estimates: readonly DensityEstimate[], exact: readonly DensityEstimate[]) =>
  estimates.map(({ logDensity }, q) => Math.expm1(logDensity - exact[q]!.logDensity));

describe('a stratified estimate', () => {
  test.each(['exponential', 'gaussian', 'vmf'] as const)(
    'is the exact density where the budget is all points, %s',
    async (kernel) => {
      const options = { kernel, budget: 1, neighbours: 5, documents: 5 };
      const all = await estimate(options);
      const exact = await exactDensity(queries, [points], { ...SETTINGS, ...options });
      all.forEach((one, q) => {
        expect(one.logDensity).toBeCloseTo(exact[q]!.logDensity, 4);
        expect(one.effectiveSamples / exact[q]!.effectiveSamples).toBeCloseTo(1, 3);
        expect([one.standardError, one.touched]).toEqual([0, 1]);
        expect(one.interval).toEqual([one.logDensity, one.logDensity]);
        expect(one.neighbours.map(({ row }) => row)).toEqual(exact[q]!.neighbours.map(({ row }) => row));
        expect(one.sources.map(({ source }) => source)).toEqual(
          exact[q]!.sources.map(({ source }) => source),
        );
        one.sources.forEach(({ share, standardError }, s) => {
          expect(share).toBeCloseTo(exact[q]!.sources[s]!.share, 4);
          expect(standardError).toBe(0);
        });
      });
    },
  );

  test('is the same for the same seed, and another for another', async () => {
    const logs = (estimates: readonly DensityEstimate[]) => estimates.map(({ logDensity }) => logDensity);
    const first = logs(await estimate({ seed: 3 }));
    expect(logs(await estimate({ seed: 3 }))).toEqual(first);
    expect(logs(await estimate({ seed: 4 }))).not.toEqual(first);
  });

  test('looks at no more points than the budget, but for whole rows', async () => {
    for (const budget of [0.1, 0.3]) {
      for (const { touched } of await estimate({ budget })) expect(touched).toBeLessThan(budget * 1.1);
    }
  });

  test('gets narrower with the budget', async () => {
    const width = async (budget: number) => {
      const estimates = await estimate({ budget });
      return estimates.reduce((sum, { standardError }) => sum + standardError, 0) / estimates.length;
    };
    const widths = [await width(0.08), await width(0.2), await width(0.5)];
    expect(widths[0]! / widths[1]!).toBeGreaterThan(1.3);
    expect(widths[1]! / widths[2]!).toBeGreaterThan(1.3);
  });

  test('stops where the interval is as narrow as asked for', async () => {
    const narrow = await estimate({ relativeError: 0.02, budget: 0.9 });
    const wide = await estimate({ relativeError: 0.3, budget: 0.9 });
    const touched = (estimates: readonly DensityEstimate[]) =>
      estimates.reduce((sum, one) => sum + one.touched, 0) / estimates.length;
    expect(touched(wide)).toBeLessThan(touched(narrow));
    for (const { interval, logDensity, touched: share } of wide) {
      if (share < 0.8) expect(Math.expm1(interval[1] - logDensity)).toBeLessThanOrEqual(0.3);
    }
  });

  test.each([0.03, 0.008])(
    'has numbers where no prediction tells copies from others, h = %d',
    async (bandwidth) => {
      const options = { kernel: 'gaussian', bandwidth, relativeError: 0.02, budget: 0.9 } as const;
      const asked = Float32Array.from([...vectors.subarray(0, 8 * DIMS), ...queries.subarray(0, 8 * DIMS)]);
      for (const { logDensity, interval, touched, standardError } of await estimate(
        options,
        [points],
        asked,
      )) {
        expect([logDensity, ...interval, standardError].filter((x) => !Number.isFinite(x))).toEqual([]);
        expect(touched).toBeLessThanOrEqual(1);
      }
    },
  );

  test('says nothing of sources, documents and neighbours where that is not asked for', async () => {
    const [one] = await estimate({ attribution: false });
    expect(one).toMatchObject({ sources: [], documents: [], neighbours: [] });
    const [other] = await estimate();
    expect(one!.logDensity).toBeCloseTo(other!.logDensity, 10);
  });

  test('is unbiased: the mean of 200 seeds is the exact density within its Monte-Carlo error', async () => {
    const few = queries.subarray(0, 12 * DIMS);
    const exact = await exactDensity(few, [points], SETTINGS);
    const errors = Array.from(exact, (): number[] => []);
    const shares = Array.from(exact, (): number[] => []);
    for (let seed = 0; seed < 200; seed++) {
      const estimates = await estimate({ seed }, [points], few);
      relative(estimates, exact).forEach((error, q) => {
        const { source, share } = exact[q]!.sources[0]!;
        const drawn = estimates[q]!.sources.find((one) => one.source === source)!.share;
        errors[q]!.push(error);
        shares[q]!.push(drawn / share - 1);
      });
    }
    // 24 means: the largest of so many is beyond 3.7 standard errors once in 200 runs of other seeds.
    for (const values of [...errors, ...shares]) {
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      expect(deviation).toBeGreaterThan(1e-4);
      expect(Math.abs(mean) / (deviation / Math.sqrt(values.length))).toBeLessThan(3.7);
    }
  });
});

describe('intervals of 95 %', () => {
  const dataSets = [
    { name: 'clustered', make: clusteredVectors, dims: 24, rows: 12_000 },
    { name: 'clustered, of more dims', make: clusteredVectors, dims: 96, rows: 8000 },
    { name: 'uniform', make: unitVectors, dims: 12, rows: 12_000 },
  ];
  const kernels: [KernelName, number[]][] = [
    ['exponential', [0.1, 0.25]],
    ['gaussian', [0.25, 0.5]],
  ];

  test('cover the exact density in 93 to 97 % of queries, over data, kernels and bandwidths', async () => {
    const covered: { name: string; share: number; shares: number }[] = [];
    for (const { name, make, dims, rows } of dataSets) {
      const train = await clusteredPoints(tempFolder(), 'train', make(rows, dims, 5), dims);
      const asked = make(60, dims, 6);
      for (const [kernel, bandwidths] of kernels) {
        for (const bandwidth of bandwidths) {
          const settings = { ...SETTINGS, kernel, bandwidth, budget: 0.08 };
          const exact = await exactDensity(asked, [train], settings);
          const inside: boolean[] = [];
          const sharesInside: boolean[] = [];
          for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
            const estimates = await stratifiedDensity(asked, [train], { ...settings, seed });
            estimates.forEach(({ interval: [low, high], sources }, q) => {
              const { logDensity, sources: known } = exact[q]!;
              inside.push(low - 1e-4 <= logDensity && logDensity <= high + 1e-4);
              for (const { source, share, standardError } of sources) {
                const right = known.find((one) => one.source === source)!.share;
                sharesInside.push(Math.abs(share - right) <= 1.96 * standardError + 1e-5);
              }
            });
          }
          const part = (of: readonly boolean[]) => of.filter(Boolean).length / of.length;
          covered.push({
            name: `${name} ${kernel} ${bandwidth}`,
            share: part(inside),
            shares: part(sharesInside),
          });
        }
      }
      train.reader.close();
    }
    const mean = (of: (one: (typeof covered)[number]) => number) =>
      covered.reduce((sum, one) => sum + of(one), 0) / covered.length;
    console.log(
      covered,
      mean(({ share }) => share),
      mean(({ shares }) => shares),
    );
    expect(mean(({ share }) => share)).toBeGreaterThan(0.93);
    expect(mean(({ share }) => share)).toBeLessThan(0.97);
    // Queries of one run share the sample of the far field, so that a cell's own standard error is about 0.02.
    for (const { share } of covered) expect(share).toBeGreaterThan(0.88);
    expect(mean(({ shares }) => shares)).toBeGreaterThan(0.9);
  });
});

describe('lists', () => {
  const asked = () => queries.subarray(0, 20 * DIMS);

  test.each([
    ['one list', { lists: 1 }],
    ['as many lists as points, many of them empty', { lists: 8000 }],
    ['lists over eight files', { memoryBytes: 1 }],
  ])('may be %s', async (_, options) => {
    const train = await clusteredPoints(tempFolder(), 'train', vectors, DIMS, options);
    const exact = await exactDensity(asked(), [train], SETTINGS);
    const estimates = await estimate({ budget: 0.3 }, [train], asked());
    const inside = estimates.filter(({ interval: [low, high] }, q) => {
      return low <= exact[q]!.logDensity && exact[q]!.logDensity <= high;
    });
    expect(inside.length).toBeGreaterThanOrEqual(16);
    const all = await estimate({ budget: 1 }, [train], asked());
    for (const error of relative(all, exact)) expect(Math.abs(error)).toBeLessThan(1e-4);
    train.reader.close();
  });

  test('of several corpora make one density, and a corpus that is not clustered is summed whole', async () => {
    const folder = tempFolder();
    const half = vectors.length / 2;
    const parts = [
      await clusteredPoints(folder, 'first', vectors.subarray(0, half), DIMS),
      await clusteredPoints(folder, 'second', vectors.subarray(half), DIMS),
      pointsInMemory('small', clusteredVectors(300, DIMS, 9), DIMS),
    ];
    const exact = await exactDensity(asked(), parts, SETTINGS);
    const estimates = await estimate({}, parts, asked());
    const inside = estimates.filter(({ interval: [low, high] }, q) => {
      return low <= exact[q]!.logDensity && exact[q]!.logDensity <= high;
    });
    expect(inside.length).toBeGreaterThanOrEqual(17);
    estimates.forEach(({ sources, touched }) => {
      expect(sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      expect(sources.some(({ corpus }) => corpus === 'small')).toBe(true);
      expect(touched).toBeGreaterThan(300 / 8300);
    });
    for (const { reader } of parts) reader.close();
  });

  test('must be there: a corpus that nobody clustered is refused with what to do', async () => {
    const train = storedPoints(tempFolder(), 'train', vectors, DIMS);
    await expect(estimate({}, [train])).rejects.toThrow(UsageError);
    await expect(estimate({}, [train])).rejects.toThrow(/"train".*densimeter cluster/);
    train.reader.close();
  });

  test('hold near copies exactly at a small bandwidth', async () => {
    const copies = vectors.slice(0, 20 * DIMS);
    const settings = { ...SETTINGS, bandwidth: 0.01, budget: 0.1, neighbours: 1 };
    const exact = await exactDensity(copies, [points], settings);
    const estimates = await estimate(settings, [points], copies);
    relative(estimates, exact).forEach((error, q) => {
      expect(Math.abs(error)).toBeLessThan(1e-3);
      expect(estimates[q]!.neighbours[0]!.row).toBe(q);
    });
  });
});

test.each([
  [{ bandwidth: 0 }, 'bandwidth'],
  [{ bandwidth: Number.NaN }, 'bandwidth'],
  [{ budget: 0 }, 'budget'],
  [{ budget: 1.5 }, 'budget'],
  [{ relativeError: -1 }, 'relative error'],
])('%j is refused', async (options, word) => {
  await expect(estimate(options)).rejects.toThrow(word);
});
