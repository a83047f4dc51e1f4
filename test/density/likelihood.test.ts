import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import {
  chooseBandwidthByLikelihood,
  KERNEL_NAMES,
  type KernelName,
  kernelNamed,
} from '../../density/index.js';
import { logMeanOverSphere } from '../../density/normalising.js';
import { clusteredVectors, unit } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

/** Pairs of points far from other pairs; the second of each is drawn from the kernel, as a density, around the first. */
function pairsFrom(kernel: KernelName, h: number, pairs: number, dims: number): Float32Array {
  const random = randomLcg(0.4);
  const normal = randomNormal.source(random)();
  const direction = () => unit(Array.from({ length: dims }, () => normal()));
  const angleOf = angles(kernel, h, dims);
  const rows = Array.from({ length: pairs }, () => {
    const [first, other, theta] = [direction(), direction(), angleOf(random())];
    const cosine = first.reduce((sum, x, j) => sum + x * other[j]!, 0);
    const tangent = unit(other.map((x, j) => x - cosine * first[j]!));
    return [first, first.map((x, j) => Math.cos(theta) * x + Math.sin(theta) * tangent[j]!)];
  });
  return Float32Array.from(rows.flat(2));
}

/** The angle at which the kernel's distribution function has a value, by inverting its table. */
function angles(kernel: KernelName, h: number, dims: number): (share: number) => number {
  const steps = 20_000;
  const logs = Array.from({ length: steps }, (_, i) => {
    const theta = ((i + 0.5) * Math.PI) / steps;
    return kernelNamed(kernel).log(2 * Math.sin(theta / 2), h) + (dims - 2) * Math.log(Math.sin(theta));
  });
  const largest = Math.max(...logs);
  let total = 0;
  const sums = logs.map((log) => {
    total += Math.exp(log - largest);
    return total;
  });
  return (share) => ((sums.findIndex((sum) => sum >= share * total) + 0.5) * Math.PI) / steps;
}

/** Mean leave-one-out log density, normalised, by float64 sums over all points. */
function slowLikelihood(vectors: Float32Array, dims: number, kernel: KernelName, h: number): number {
  const n = vectors.length / dims;
  const points = pointsInMemory('a', vectors, dims);
  let total = 0;
  for (let row = 0; row < n; row++) {
    const { log10Density } = oracle(
      vectors.subarray(row * dims, (row + 1) * dims),
      [{ points, vectors }],
      kernel,
      h,
    );
    // n·f has a kernel of 1 for the point itself.
    total += Math.log((n * 10 ** log10Density - 1) / (n - 1));
  }
  return total / n - logMeanOverSphere(kernelNamed(kernel), h, dims);
}

describe('chooseBandwidthByLikelihood', () => {
  it.each([
    ['vmf', 0.07],
    ['gaussian', 0.07],
    ['exponential', 0.02],
  ] as const)('finds the %s kernel’s h = %d that points were drawn with', async (kernel, h) => {
    const vectors = pairsFrom(kernel, h, 1000, 16);
    const { bandwidth } = await chooseBandwidthByLikelihood([pointsInMemory('a', vectors, 16)], {
      kernel,
      sample: 2000,
      seed: 1,
    });
    expect(Math.abs(bandwidth / h - 1)).toBeLessThan(0.03);
  });

  it.each(KERNEL_NAMES)('is at the largest likelihood that float64 sums find, %s', async (kernel) => {
    const vectors = clusteredVectors(300, 12, 1);
    const points = [
      pointsInMemory('a', vectors.slice(0, 100 * 12), 12),
      pointsInMemory('b', vectors.slice(100 * 12), 12),
    ];
    const { bandwidth, logLikelihood } = await chooseBandwidthByLikelihood(points, {
      kernel,
      sample: 300,
      seed: 1,
    });
    expect(logLikelihood).toBeCloseTo(slowLikelihood(vectors, 12, kernel, bandwidth), 3);
    for (const other of [0.5, 0.9, 0.97, 1.03, 1.1, 2]) {
      expect(slowLikelihood(vectors, 12, kernel, bandwidth * other)).toBeLessThan(logLikelihood);
    }
  });

  it('leaves copies out, draws the same for the same seed, and says what it did', async () => {
    const vectors = clusteredVectors(300, 12, 1);
    const choose = (given: Float32Array, sample: number) =>
      chooseBandwidthByLikelihood([pointsInMemory('a', given, 12)], { kernel: 'vmf', sample, seed: 7 });
    const once = await choose(vectors, 300);
    const twice = await choose(Float32Array.from([...vectors, ...vectors]), 600);
    // The nearest points of one are exact and of the other in bins.
    expect(Math.abs(twice.bandwidth / once.bandwidth - 1)).toBeLessThan(0.002);
    const few = await choose(vectors, 50);
    expect(await choose(vectors, 50)).toEqual(few);
    expect(few.rule).toBe(
      'likelihood: 50 training points are likeliest under the other points, normalised on the sphere',
    );
  });

  it('refuses what has no likelihood', async () => {
    const points = (vectors: Float32Array) => [pointsInMemory('a', vectors, 8)];
    const [one, options] = [clusteredVectors(1, 8, 1), { kernel: 'vmf', sample: 5, seed: 1 } as const];
    await expect(chooseBandwidthByLikelihood(points(one), options)).rejects.toThrow('at least two points');
    await expect(
      chooseBandwidthByLikelihood(points(Float32Array.from([...one, ...one])), options),
    ).rejects.toThrow('all copies');
    await expect(
      chooseBandwidthByLikelihood(points(clusteredVectors(9, 8, 1)), { ...options, sample: 0 }),
    ).rejects.toThrow('at least 1');
  });
});
