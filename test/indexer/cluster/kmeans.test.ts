import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sphericalKmeans } from '../../../indexer/cluster/kmeans.js';
import { drawSample, inMemory } from '../../../indexer/cluster/sample.js';
import { clusteredVectors } from '../../density/clustered.js';
import { runPython, whyNoPython } from '../../support/python.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';
import { unitVectors } from '../../support/unit-vectors.js';
import { stored } from './stored.js';

const DIMS = 30;

describe.skipIf(skipping('k-means against FAISS', whyNoPython('faiss', 'python3-faiss')))('FAISS', () => {
  test.each([
    ['clustered', clusteredVectors(6000, DIMS, 1), 100],
    ['clustered, few lists', clusteredVectors(6000, DIMS, 2), 12],
    ['uniform', unitVectors(6000, DIMS, 3), 64],
  ])('fits %s vectors as well as FAISS does', async (_name, vectors, lists) => {
    const iterations = 10;
    const ours = await sphericalKmeans(inMemory(vectors, DIMS), { lists, seed: 1, iterations });
    const [raw, centroids] = [join(tempFolder(), 'x.f32'), join(tempFolder(), 'c.f32')];
    writeFileSync(raw, vectors);
    writeFileSync(centroids, ours.centroids);
    const means = runPython<{ theirs: number; ours: number }>(
      `
import faiss, json, numpy, sys
raw, ours, dims, lists, iterations = sys.argv[1:3] + [int(n) for n in sys.argv[3:]]
x, c = (numpy.fromfile(file, 'float32').reshape(-1, dims) for file in (raw, ours))
k = faiss.Kmeans(dims, lists, niter=iterations, spherical=True, max_points_per_centroid=10**6)
k.train(x)
mean = lambda c: float((x.astype('float64') @ c.T.astype('float64')).max(axis=1).mean())
print(json.dumps(dict(theirs=mean(k.centroids), ours=mean(c))))`,
      ...[raw, centroids, String(DIMS), String(lists), String(iterations)],
    );
    expect(ours.iterations).toBeLessThanOrEqual(iterations);
    expect(ours.objective).toBeLessThan(means.ours + 1e-6);
    // Half the mean squared distance on the sphere.
    expect((1 - means.ours) / (1 - means.theirs)).toBeLessThan(1.02);
  });
});

test('centroids are of length 1, and the same for the same seed alone', async () => {
  const sample = inMemory(clusteredVectors(2000, DIMS, 4), DIMS);
  const [a, b, c] = await Promise.all([7, 7, 8].map((seed) => sphericalKmeans(sample, { lists: 40, seed })));
  expect(a).toEqual(b);
  expect(a!.centroids).not.toEqual(c!.centroids);
  for (let list = 0; list < 40; list++) {
    expect(Math.hypot(...a!.centroids.subarray(list * DIMS, (list + 1) * DIMS))).toBeCloseTo(1, 6);
  }
});

test('a sample that does not fit into memory gives the same centroids', async () => {
  const { folder, reader } = stored(clusteredVectors(3000, DIMS, 5), DIMS);
  const results = [];
  for (const memoryRows of [2500, 1024]) {
    const sample = drawSample(reader, 2500, 1, new Float32Array(memoryRows * DIMS), join(folder, 's.tmp'));
    expect(sample.rows).toBe(2500);
    results.push(await sphericalKmeans(sample, { lists: 30, seed: 1 }));
    sample.close();
  }
  expect(results[0]).toEqual(results[1]);
  reader.close();
});

test('lists left empty take a part of the largest', async () => {
  // 20 tight groups of very unequal size: random starts leave lists without a row of their own.
  const vectors = unitVectors(20, DIMS, 6);
  const rows = Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i % 20));
  const noise = unitVectors(1000, DIMS, 7);
  const data = Float32Array.from({ length: 1000 * DIMS }, (_, i) => {
    return vectors[rows[Math.floor(i / DIMS)]! * DIMS + (i % DIMS)]! + 0.05 * noise[i]!;
  });
  const { centroids } = await sphericalKmeans(inMemory(data, DIMS), { lists: 60, seed: 1 });
  const used = new Set<number>();
  for (let row = 0; row < 1000; row++) {
    let [best, score] = [-1, -2];
    for (let list = 0; list < 60; list++) {
      let product = 0;
      for (let j = 0; j < DIMS; j++) product += data[row * DIMS + j]! * centroids[list * DIMS + j]!;
      if (product > score) [best, score] = [list, product];
    }
    used.add(best);
  }
  expect(used.size).toBeGreaterThan(50);
});

test('identical vectors come to an end, with finite centroids', async () => {
  const one = unitVectors(1, DIMS, 8);
  const data = Float32Array.from({ length: 100 * DIMS }, (_, i) => one[i % DIMS]!);
  const { centroids, objective } = await sphericalKmeans(inMemory(data, DIMS), { lists: 10, seed: 1 });
  expect(centroids.every(Number.isFinite)).toBe(true);
  expect(objective).toBeCloseTo(1, 6);
});
