import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Points } from '../../../density/index.js';
import { built } from '../../support/built.js';
import { tempFolder } from '../../support/temp-folder.js';
import { clusteredVectors } from '../clustered.js';
import { clusteredPoints, storedPoints } from './clustered-points.js';

// The built files: a worker thread cannot run TypeScript.
const { ESTIMATORS, stratifiedDensity } = (await import(
  built('density/index.js')
)) as typeof import('../../../density/index.js');

const DIMS = 24;
const SETTINGS = { kernel: 'exponential', bandwidth: 0.15, seed: 2, neighbours: 5, documents: 5 } as const;
const queries = clusteredVectors(150, DIMS, 2);
let points: Points[];

beforeAll(async () => {
  const folder = tempFolder();
  points = [
    await clusteredPoints(folder, 'first', clusteredVectors(9000, DIMS, 1), DIMS),
    storedPoints(folder, 'second', clusteredVectors(500, DIMS, 3), DIMS),
  ];
});
afterAll(() => {
  for (const { reader } of points) reader.close();
});

test.each([
  ['a budget alone', { relativeError: 0, budget: 0.2 }],
  ['a target, in rounds', { relativeError: 0.1, budget: 0.9 }],
])('workers that have lists each give what one thread gives, with %s', async (_, limits) => {
  const one = await stratifiedDensity(queries, points, { ...SETTINGS, ...limits });
  const many = await ESTIMATORS.stratified(queries, points, { ...SETTINGS, ...limits });
  expect(many).toHaveLength(150);
  many.forEach((estimate, q) => {
    const alone = one[q]!;
    // Sums are of float32 products of other shapes.
    expect(estimate.logDensity).toBeCloseTo(alone.logDensity, 5);
    expect(estimate.touched).toBeCloseTo(alone.touched, 10);
    expect(estimate.standardError).toBeCloseTo(alone.standardError, 5);
    expect(estimate.neighbours.map(({ row }) => row)).toEqual(alone.neighbours.map(({ row }) => row));
    expect(estimate.documents.map(({ document }) => document)).toEqual(
      alone.documents.map(({ document }) => document),
    );
    for (const { corpus, source, share } of estimate.sources) {
      const same = alone.sources.find((other) => other.corpus === corpus && other.source === source)!;
      expect(share).toBeCloseTo(same.share, 5);
    }
  });
});

test('a file that is lost under them is an error of all, and not a wait', async () => {
  const folder = tempFolder();
  const lost = await clusteredPoints(folder, 'lost', clusteredVectors(3000, DIMS, 1), DIMS);
  rmSync(join(lost.folder!, 'ivf-tiles.faiss'));
  const settings = { ...SETTINGS, budget: 0.2 };
  await expect(ESTIMATORS.stratified(queries, [lost], settings)).rejects.toThrow(/densimeter cluster/);
  // The workers are there for the next call.
  expect(await ESTIMATORS.stratified(queries, points, settings)).toHaveLength(150);
  lost.reader.close();
});
