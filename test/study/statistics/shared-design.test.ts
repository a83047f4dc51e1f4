import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import {
  compareOutOfSample,
  leastSquares,
  partialR2,
  sharedDesign,
} from '../../../study/statistics/index.js';

const random = randomLcg(11);
const normal = randomNormal.source(random)(0, 1);

/** Rows in groups of uneven size whose terms and response vary together. */
function made(n: number, groups: number) {
  const group = Array.from({ length: n }, (_, i) => `g${Math.floor((i * i) / n) % groups}`);
  const shift = new Map(group.map((name) => [name, normal()]));
  const columns = ['length', 'frequency', 'density'].map((name, c) => ({
    name,
    values: Float64Array.from(group, (g) => 10 ** (c * 3) * (normal() + shift.get(g)! + 5)),
  }));
  const y = Float64Array.from(group, (g, i) =>
    columns.reduce(
      (sum, { values }, c) => sum - (0.3 * values[i]!) / 10 ** (c * 3),
      normal() + shift.get(g)!,
    ),
  );
  return { group, columns, y };
}

describe('sharedDesign', () => {
  it.each([
    [200, 12, 5],
    [61, 7, 10],
    [1000, 300, 10],
  ])(
    'gives what leastSquares, partialR2 and compareOutOfSample give (%d rows, %d groups, %d folds)',
    (n, groups, folds) => {
      const { group, columns, y } = made(n, groups);
      const used = Math.min(folds, new Set(group).size);
      const shared = sharedDesign(columns, { groups: group, folds, seed: 3 })!;
      // The second response must not be touched by the first.
      shared.fit(y.map((value, i) => value * (i % 7)));
      const { slope, r2, partialR2: partial, outOfSample } = shared.fit(y)!;
      const fit = leastSquares(y, columns, { groups: group });
      const expected = fit.coefficients.find(({ name }) => name === 'density')!;
      for (const key of ['estimate', 'standardError', 'low', 'high', 'pValue'] as const) {
        expect(slope[key] / expected[key]).toBeCloseTo(1, 9);
      }
      expect(r2).toBeCloseTo(fit.r2, 10);
      expect(partial).toBeCloseTo(partialR2(y, columns.slice(0, 2), columns.slice(2)).partialR2, 10);
      const compared = compareOutOfSample(y, columns.slice(0, 2), columns.slice(2), {
        ...{ folds: used, groups: group, seed: 3 },
      });
      expect(outOfSample!.controlsR2).toBeCloseTo(compared.controls.r2, 9);
      expect(outOfSample!.r2).toBeCloseTo(compared.full.r2, 9);
      expect(outOfSample!.gain.estimate).toBeCloseTo(compared.difference, 9);
      expect(outOfSample!.gain.standardError / compared.standardError).toBeCloseTo(1, 6);
      expect(outOfSample!.gain.pValue).toBeCloseTo(compared.pValue, 8);
    },
  );

  it('takes the last term alone where there are no others', () => {
    const { group, columns, y } = made(150, 20);
    const { r2, partialR2: partial } = sharedDesign([columns[2]!], { groups: group, folds: 5, seed: 1 })!.fit(
      y,
    )!;
    expect(r2).toBeCloseTo(partial, 12);
  });

  it('is nothing where the last term repeats another, and fits no response that is constant', () => {
    const { group, columns, y } = made(100, 10);
    const twice = { name: 'density', values: columns[0]!.values.map((value) => 2 * value) };
    const options = { groups: group, folds: 5, seed: 1 };
    expect(sharedDesign([columns[0]!, twice], options)).toBeNull();
    expect(sharedDesign(columns, options)!.fit(y.fill(3))).toBeNull();
  });

  it('refuses values that are not finite', () => {
    const { group, columns } = made(100, 10);
    columns[0]!.values[4] = Number.NaN;
    expect(() => sharedDesign(columns, { groups: group, folds: 5, seed: 1 })).toThrow(RangeError);
  });
});
