import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DensityEstimate,
  deannDensity,
  type EstimatorOptions,
  exactDensity,
  type KernelName,
  type Points,
  rspDensity,
  stratifiedDensity,
} from '../../../density/index.js';
import { UsageError } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';
import { clusteredVectors } from '../clustered.js';
import { pointsInMemory } from '../oracle.js';
import { clusteredPoints, storedPoints } from '../stratified/clustered-points.js';

const DIMS = 24;
const SETTINGS = { kernel: 'exponential', bandwidth: 0.25, budget: 0.3 } as const;
const ESTIMATORS = { deann: deannDensity, rsp: rspDensity };

let vectors: Float32Array;
let queries: Float32Array;
let points: Points;

beforeAll(async () => {
  vectors = clusteredVectors(6000, DIMS, 1);
  queries = clusteredVectors(60, DIMS, 2);
  points = await clusteredPoints(tempFolder(), 'train', vectors, DIMS);
});
afterAll(() => points.reader.close());

const errorsOf = (estimates: readonly DensityEstimate[], exact: readonly DensityEstimate[]) =>
  estimates.map(({ logDensity }, q) => Math.expm1(logDensity - exact[q]!.logDensity));

describe.each(Object.entries(ESTIMATORS))('%s', (_, estimator) => {
  const estimate = (options: Partial<EstimatorOptions> = {}, of = [points], asked = queries) =>
    estimator(asked, of, { ...SETTINGS, ...options });

  test('is the same for the same seed, and another for another', async () => {
    const logs = async (seed: number) => (await estimate({ seed })).map(({ logDensity }) => logDensity);
    const first = await logs(3);
    expect(await logs(3)).toEqual(first);
    expect(await logs(4)).not.toEqual(first);
  });

  test('is unbiased: the mean of 200 seeds is the exact density within its Monte-Carlo error', async () => {
    const few = queries.subarray(0, 12 * DIMS);
    const exact = await exactDensity(few, [points], SETTINGS);
    const errors = Array.from(exact, (): number[] => []);
    for (let seed = 0; seed < 200; seed++) {
      const estimates = await estimate({ seed }, [points], few);
      errorsOf(estimates, exact).forEach((error, q) => {
        errors[q]!.push(error);
      });
    }
    for (const values of errors) {
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      expect(deviation).toBeGreaterThan(1e-4);
      expect(Math.abs(mean) / (deviation / Math.sqrt(values.length))).toBeLessThan(3.7);
    }
  });

  test('has intervals of 95 % that cover the exact density, where densities rest on many points', async () => {
    const cells: [KernelName, number][] = [
      ['exponential', 0.25],
      ['exponential', 0.5],
      ['gaussian', 0.6],
    ];
    for (const [kernel, bandwidth] of cells) {
      const exact = await exactDensity(queries, [points], { kernel, bandwidth });
      const inside: boolean[] = [];
      const sharesInside: boolean[] = [];
      for (let seed = 1; seed <= 25; seed++) {
        const estimates = await estimate({ kernel, bandwidth, seed });
        estimates.forEach(({ interval: [low, high], sources }, q) => {
          inside.push(low <= exact[q]!.logDensity && exact[q]!.logDensity <= high);
          for (const { source, share, standardError } of sources) {
            const right = exact[q]!.sources.find((one) => one.source === source)!.share;
            sharesInside.push(Math.abs(share - right) <= 1.96 * standardError);
          }
        });
      }
      const part = (of: readonly boolean[]) => of.filter(Boolean).length / of.length;
      // The 60 queries of a seed share its draws.
      expect(part(inside)).toBeGreaterThan(0.92);
      expect(part(inside)).toBeLessThan(0.98);
      expect(part(sharesInside)).toBeGreaterThan(0.92);
    }
  });

  test('looks at as many points as the budget has, and says what the density rests on', async () => {
    const exact = await exactDensity(queries, [points], { ...SETTINGS, neighbours: 1 });
    const estimates = await estimate({ neighbours: 5, documents: 3 });
    const same = estimates.filter(({ neighbours }, q) => neighbours[0]!.row === exact[q]!.neighbours[0]!.row);
    expect(same.length).toBeGreaterThan(estimator === deannDensity ? 45 : 5);
    for (const { touched, sources, documents, neighbours } of estimates) {
      expect(touched).toBeGreaterThan(0.2);
      expect(touched).toBeLessThan(0.31);
      expect(sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      expect(documents).toHaveLength(3);
      const distances = neighbours.map(({ distance }) => distance);
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
    }
    const [alone] = await estimate({ attribution: false });
    expect(alone).toMatchObject({ sources: [], documents: [], neighbours: [] });
    expect(alone!.logDensity).toBeCloseTo(estimates[0]!.logDensity, 10);
  });

  test('takes several corpora for one', async () => {
    const more = [points, pointsInMemory('more', clusteredVectors(500, DIMS, 8), DIMS)];
    const exact = await exactDensity(queries, more, SETTINGS);
    const errors = errorsOf(await estimate({ budget: 0.6 }, more), exact).map(Math.abs);
    expect(errors.sort((a, b) => a - b)[30]).toBeLessThan(0.15);
  });

  test.each([{ bandwidth: -1 }, { budget: 0 }, { budget: 2 }])('refuses %j', async (options) => {
    await expect(estimate(options)).rejects.toThrow(RangeError);
  });
});

test('rsp of all points is the exact density, without lists', async () => {
  const plain = storedPoints(tempFolder(), 'plain', vectors, DIMS);
  const exact = await exactDensity(queries, [plain], SETTINGS);
  const estimates = await rspDensity(queries, [plain], { ...SETTINGS, budget: 1 });
  for (const error of errorsOf(estimates, exact)) expect(Math.abs(error)).toBeLessThan(1e-4);
  expect(estimates[0]).toMatchObject({ standardError: 0, touched: 1 });
  plain.reader.close();
});

test('deann asks for lists where there are none', async () => {
  const plain = storedPoints(tempFolder(), 'plain', vectors, DIMS);
  await expect(deannDensity(queries, [plain], SETTINGS)).rejects.toThrow(UsageError);
  plain.reader.close();
});

test('stratified has smaller errors than deann, and deann than rsp, at as many points', async () => {
  const settings = { ...SETTINGS, bandwidth: 0.12, budget: 0.2, relativeError: 0 };
  const exact = await exactDensity(queries, [points], settings);
  const rms = async (estimator: typeof rspDensity) => {
    const errors: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      errors.push(...errorsOf(await estimator(queries, [points], { ...settings, seed }), exact));
    }
    return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  };
  const [stratified, deann, rsp] = [
    await rms(stratifiedDensity),
    await rms(deannDensity),
    await rms(rspDensity),
  ];
  expect(deann / stratified).toBeGreaterThan(1.3);
  expect(rsp / deann).toBeGreaterThan(1.3);
});
