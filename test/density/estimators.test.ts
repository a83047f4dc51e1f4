import { afterAll, describe, expect, test } from 'vitest';
import {
  type DensityEstimate,
  ESTIMATORS,
  type EstimatorName,
  type EstimatorOptions,
  KERNEL_NAMES,
  type Points,
} from '../../density/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';
import { clusteredVectors } from './clustered.js';
import { oracle } from './oracle.js';
import { clusteredPoints } from './stratified/clustered-points.js';

const QUERIES = 4;
const BANDWIDTHS = [0.05, 0.15, 0.6];
const opened: Points[] = [];
afterAll(() => {
  for (const { reader } of opened) reader.close();
});

type Within = (estimate: DensityEstimate, bandwidth: number) => number;
/** A cosine is off by 2e-7, which a gaussian's log has times 1/h². */
const float32: Within = (_, bandwidth) => 2e-4 + 2e-7 / bandwidth ** 2;

/**
 * Every estimator where it has to be right: those that draw get all points for their budget. What each may be off by,
 * nats of log f: float32's tolerance, and for int8, whose rounding is never looked at again by chance alone, five standard errors.
 */
const RIGHT: Record<
  string,
  { estimator: EstimatorName; options: Partial<EstimatorOptions>; within: Within }
> = {
  exact: { estimator: 'exact', options: {}, within: () => 2e-4 },
  'exact, densities alone': { estimator: 'exact', options: { attribution: false }, within: () => 2e-4 },
  int8: { estimator: 'int8', options: {}, within: ({ standardError }) => 5 * standardError + 2e-4 },
  'stratified, all points': {
    ...{ estimator: 'stratified', options: { budget: 1 }, within: float32 },
  },
  'rsp, all points': { estimator: 'rsp', options: { budget: 1 }, within: float32 },
};
interface Data {
  vectors: Float32Array;
  queries: Float32Array;
  points: Points;
}

async function stored(vectors: Float32Array, queries: Float32Array, dims: number): Promise<Data> {
  const points = await clusteredPoints(tempFolder(), 'train', vectors, dims);
  opened.push(points);
  return { vectors, queries, points };
}

/** Compares an estimator with float64 sums at every kernel and bandwidth. */
async function compare(
  name: string,
  { vectors, queries, points }: Data,
  bandwidths = BANDWIDTHS,
): Promise<void> {
  const { estimator, options, within } = RIGHT[name]!;
  const { dims } = points.reader;
  for (const kernel of KERNEL_NAMES) {
    for (const bandwidth of bandwidths) {
      const estimates = await ESTIMATORS[estimator](queries, [points], { kernel, bandwidth, ...options });
      expect(estimates).toHaveLength(queries.length / dims);
      estimates.forEach((estimate, q) => {
        const query = queries.subarray(q * dims, (q + 1) * dims);
        const right = oracle(query, [{ points, vectors }], kernel, bandwidth);
        const off = Math.abs(estimate.logDensity - right.log10Density * Math.LN10);
        expect(off, `${kernel}, h = ${bandwidth}, query ${q}`).toBeLessThan(within(estimate, bandwidth));
        const size = estimate.effectiveSamples / right.effectiveSamples;
        expect(Math.abs(size - 1), `${kernel}, h = ${bandwidth}, query ${q}`).toBeLessThan(0.02);
        const [low, high] = estimate.interval;
        expect(low).toBeLessThanOrEqual(estimate.logDensity);
        expect(high).toBeGreaterThanOrEqual(estimate.logDensity);
      });
    }
  }
}

describe.each(Object.keys(RIGHT))('%s', (name) => {
  test.each([8, 128, 384, 512, 1024])(
    'is the slow float64 sum at %d dims, for 1, 2 and 1000 points',
    async (dims) => {
      for (const rows of [1, 2, 1000]) {
        const data = await stored(clusteredVectors(rows, dims, 1), clusteredVectors(QUERIES, dims, 2), dims);
        await compare(name, data);
      }
    },
  );

  test('is right for queries that are training points, and those opposite to all', async () => {
    const vectors = clusteredVectors(300, 16, 3);
    const queries = Float32Array.from([
      ...vectors.subarray(0, 32),
      ...vectors.subarray(0, 32).map((x) => -x),
    ]);
    await compare(name, await stored(vectors, queries, 16));
  });

  test('is right where all points are equal', async () => {
    const one = unitVectors(1, 16, 0.4);
    const vectors = Float32Array.from({ length: 200 * 16 }, (_, i) => one[i % 16]!);
    await compare(name, await stored(vectors, Float32Array.from([...one, ...unitVectors(2, 16, 0.6)]), 16));
  });

  test('counts a point that is there twice twice', async () => {
    const vectors = clusteredVectors(150, 16, 4);
    const queries = clusteredVectors(QUERIES, 16, 5);
    const twice = await stored(Float32Array.from([...vectors, ...vectors]), queries, 16);
    await compare(name, twice);
  });

  test('is right for points of which nothing is near, and for near copies at a tiny bandwidth', async () => {
    const vectors = clusteredVectors(400, 64, 6);
    const near = vectors.slice(0, 2 * 64);
    near[0]! += 1e-4;
    const queries = Float32Array.from([...near, ...unitVectors(2, 64, 0.7)]);
    await compare(name, await stored(vectors, queries, 64), [0.01, 0.03]);
  });
});
