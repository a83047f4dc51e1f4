import { describe, expect, it } from 'vitest';
import { leastSquares, partialR2 } from '../../../study/statistics/index.js';
import { r } from './reference.js';

const { mpg, wt, hp, qsec, am } = r.data;
const controls = [
  { name: 'wt', values: wt },
  { name: 'hp', values: hp },
];
const added = [
  { name: 'qsec', values: qsec },
  { name: 'am', values: am },
];

describe('partialR2', () => {
  it("agrees with R's anova and an HC3 Wald test", () => {
    const got = partialR2(mpg, controls, added);
    expect(got.partialR2).toBeCloseTo(r.partial.partialR2, 12);
    expect(got.deltaR2).toBeCloseTo(r.partial.deltaR2, 12);
    expect(got.f).toBeCloseTo(r.partial.f, 10);
    expect(got.pValue).toBeCloseTo(r.partial.p, 12);
    expect(got.robustF).toBeCloseTo(r.partial.robustF, 9);
    expect(got.robustPValue).toBeCloseTo(r.partial.robustP, 10);
    expect(got).toMatchObject({ addedDegreesOfFreedom: 2, degreesOfFreedom: 27, n: 32, dropped: [] });
    expect(got.r2Controls).toBeCloseTo(leastSquares(mpg, controls).r2, 12);
    expect(got.r2Full).toBeCloseTo(r.fit.r2, 12);
  });

  it('is the square of t for one added term, in both forms', () => {
    const one = [{ name: 'am', values: am }];
    const got = partialR2(mpg, controls, one);
    const t = (errors: 'classical' | 'HC3') =>
      leastSquares(mpg, [...controls, ...one], { errors }).coefficients[3]!.t;
    expect(got.f).toBeCloseTo(t('classical') ** 2, 10);
    expect(got.robustF).toBeCloseTo(t('HC3') ** 2, 10);
  });

  it('is 0 without a test if the added term says nothing new', () => {
    const got = partialR2(mpg, controls, [{ name: 'wt in kg', values: wt.map((v) => v * 453.592) }]);
    expect(got).toMatchObject({ partialR2: 0, deltaR2: 0, f: null, pValue: null, robustF: null });
    expect(got.dropped).toEqual([{ name: 'wt in kg', reason: 'collinear' }]);
  });

  it('is R² without controls', () => {
    const got = partialR2(mpg, [], controls);
    const fit = leastSquares(mpg, controls);
    expect(got.partialR2).toBeCloseTo(fit.r2, 12);
    expect(got.robustF).toBeCloseTo(fit.f!, 9);
    expect(got.r2Controls).toBe(0);
  });

  it('has no HC3 form where a row has leverage 1', () => {
    const alone = mpg.map((_, i) => (i === 3 ? 1 : 0));
    const got = partialR2(mpg, [{ name: 'alone', values: alone }], added);
    expect(got.robustF).toBeNull();
    expect(got.f).toBeGreaterThan(0);
  });
});
