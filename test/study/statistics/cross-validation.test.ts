import { randomLcg, randomNormal } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignFolds, compareOutOfSample, outOfSampleR2 } from '../../../study/statistics/index.js';

const term = (name: string, values: number[]) => ({ name, values });
const normals = (seed: number, n: number) =>
  Array.from({ length: n }, randomNormal.source(randomLcg(seed))(0, 1));

describe('assignFolds', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 20, maxLength: 120 });

  it('never parts a group, fills every fold, and is the same for the same seed', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 6 }), fc.nat(), (groups, folds, seed) => {
        fc.pre(new Set(groups).size >= folds);
        const fold = assignFolds(groups.length, folds, seed, groups);
        const homes = new Map(groups.map((label, i) => [label, fold[i]!]));
        expect([...fold]).toEqual(groups.map((label) => homes.get(label)));
        expect(new Set(fold).size).toBe(folds);
        expect(assignFolds(groups.length, folds, seed, groups)).toEqual(fold);
      }),
    );
  });

  it('deals single rows into folds that differ by at most one, another way for another seed', () => {
    const fold = assignFolds(103, 10, 1);
    const sizes = Array.from({ length: 10 }, (_, k) => fold.filter((v) => v === k).length);
    expect(sizes.sort()).toEqual([10, 10, 10, 10, 10, 10, 10, 11, 11, 11]);
    expect(assignFolds(103, 10, 2)).not.toEqual(fold);
  });

  it('refuses fewer groups than folds', () => {
    expect(() => assignFolds(6, 4, 1, ['a', 'a', 'b', 'b', 'c', 'c'])).toThrow(
      '4 folds need at least 4 groups and there are 3: ask for 3 folds or fewer',
    );
    expect(() => assignFolds(6, 1, 1)).toThrow('folds is 1');
  });
});

describe('outOfSampleR2', () => {
  it('is 79/196 leaving out each of four rows, by hand', () => {
    // Slope 0.8, leverages .7 .3 .3 .7: held-out errors −1, 9/7, −9/7, 1; deviations from the others' means 4/3 of (y − 1.5).
    const got = outOfSampleR2([0, 2, 1, 3], [term('x', [0, 1, 2, 3])], { folds: 4, seed: 1 });
    expect(got.r2).toBeCloseTo(79 / 196, 13);
    const wanted = [1, 2 - 9 / 7, 1 + 9 / 7, 2];
    for (const [i, value] of got.predicted.entries()) expect(value).toBeCloseTo(wanted[i]!, 13);
    expect(got.perFold.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
  });

  it('is 0 without terms and 1 for an exact law', () => {
    const y = normals(3, 60);
    expect(outOfSampleR2(y, [], { seed: 1 }).r2).toBeCloseTo(0, 12);
    expect(outOfSampleR2(y, [term('y', y)], { seed: 1 }).r2).toBeCloseTo(1, 12);
  });

  it('gives noise nothing, though the fit itself claims something', () => {
    const y = normals(5, 80);
    const noise = Array.from({ length: 20 }, (_, j) => term(`noise ${j}`, normals(100 + j, 80)));
    expect(outOfSampleR2(y, noise, { seed: 1 }).r2).toBeLessThan(0);
  });

  it('sees through rows that repeat within a document only if they are held out together', () => {
    const documents = 30;
    const groups = Array.from({ length: documents * 6 }, (_, i) => i % documents);
    const level = normals(7, documents);
    const y = groups.map((g) => level[g]!);
    // Twenty numbers that say which document a row is from, and nothing else.
    const marks = Array.from({ length: 20 }, (_, j) => {
      const mark = normals(200 + j, documents);
      return term(
        `mark ${j}`,
        groups.map((g) => mark[g]!),
      );
    });
    expect(outOfSampleR2(y, marks, { seed: 1 }).r2).toBeGreaterThan(0.4);
    expect(outOfSampleR2(y, marks, { seed: 1, groups }).r2).toBeLessThan(0.1);
  });

  it('drops a term that is constant in a training fold, and is the same for the same seed', () => {
    const y = normals(9, 30);
    const rare = term(
      'rare',
      y.map((_, i) => (i === 4 ? 1 : 0)),
    );
    const got = outOfSampleR2(y, [rare], { seed: 2, folds: 5 });
    expect(got.predicted.every(Number.isFinite)).toBe(true);
    expect(outOfSampleR2(y, [rare], { seed: 2, folds: 5 })).toEqual(got);
  });

  it('has a standard error like the spread over new samples', () => {
    const estimates = Array.from({ length: 200 }, (_, k) => {
      const x = normals(1000 + k, 150);
      const noise = normals(5000 + k, 150);
      return outOfSampleR2(
        x.map((v, i) => v + noise[i]!),
        [term('x', x)],
        { seed: k, folds: 5 },
      );
    });
    const mean = estimates.reduce((sum, { r2 }) => sum + r2, 0) / 200;
    const spread = Math.sqrt(estimates.reduce((sum, { r2 }) => sum + (r2 - mean) ** 2, 0) / 199);
    const stated = estimates.reduce((sum, { standardError }) => sum + standardError, 0) / 200;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.53);
    expect(stated / spread).toBeGreaterThan(0.8);
    expect(stated / spread).toBeLessThan(1.25);
  });

  it('refuses too few training rows', () => {
    expect(() => outOfSampleR2([1, 2, 4, 3], [term('x', [1, 2, 3, 5])], { folds: 2, seed: 1 })).toThrow(
      '2 rows are too few for 2 parameters',
    );
    expect(() => outOfSampleR2([1, 2, 3], [], { seed: 1 })).toThrow('10 folds need at least 10 rows');
  });
});

describe('compareOutOfSample', () => {
  it('is the difference of the two, judged on the same folds', () => {
    const x = normals(11, 200);
    const z = normals(12, 200);
    const noise = normals(13, 200);
    const y = x.map((v, i) => v + 0.5 * z[i]! + noise[i]!);
    const options = { seed: 4, folds: 5 };
    const got = compareOutOfSample(y, [term('x', x)], [term('z', z)], options);
    expect(got.controls).toEqual(outOfSampleR2(y, [term('x', x)], options));
    expect(got.full).toEqual(outOfSampleR2(y, [term('x', x), term('z', z)], options));
    expect(got.difference).toBeCloseTo(got.full.r2 - got.controls.r2, 12);
    expect(got.standardError).toBeLessThan(got.controls.standardError);
    expect(got.low).toBeGreaterThan(0);
    expect(got.pValue).toBeLessThan(0.01);
    const nothing = compareOutOfSample(y, [term('x', x)], [term('noise', normals(99, 200))], options);
    expect(nothing.low).toBeLessThan(0);
  });
});
