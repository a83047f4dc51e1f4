import { describe, expect, it } from 'vitest';
import { leastSquares, wildClusterTest } from '../../../study/statistics/index.js';
import { columns, expectClose, statsmodels } from './reference.js';

const { clusters } = statsmodels;
const terms = columns({ ...clusters }, ['dose', 'other']);

describe('cluster-robust errors', () => {
  it('agree with statsmodels', () => {
    const fit = leastSquares(clusters.y, terms, { groups: clusters.group });
    expect(fit).toMatchObject({ errors: 'cluster', groups: 9, degreesOfFreedom: 8 });
    const { ols } = clusters;
    const of = (field: 'estimate' | 'standardError' | 'pValue' | 'low' | 'high') =>
      fit.coefficients.map((coefficient) => coefficient[field]);
    expectClose(of('estimate'), ols.estimates, 1e-9);
    expectClose(of('standardError'), ols.standardErrors, 1e-9);
    expectClose(of('pValue'), ols.pValues, 1e-8);
    expectClose(of('low'), ols.low, 1e-8);
    expectClose(of('high'), ols.high, 1e-8);
    expectClose([fit.f!, fit.fPValue!], [ols.f, ols.fP], 1e-8);
  });

  it('are those of HC1 where every row is its own group', () => {
    const own = leastSquares(clusters.y, terms, { groups: clusters.y.map((_, i) => i) });
    const { residuals } = own;
    const x = clusters.dose;
    const [n, mean] = [x.length, x.reduce((sum, v) => sum + v, 0) / x.length];
    const alone = leastSquares(clusters.y, [terms[0]!], { groups: clusters.y.map((_, i) => i) });
    const sxx = x.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const hc1 = x.reduce((sum, v, i) => sum + ((v - mean) * alone.residuals[i]!) ** 2, 0) / sxx ** 2;
    expect(alone.coefficients[1]!.standardError).toBeCloseTo(Math.sqrt((hc1 * n) / (n - 2)), 12);
    expect(residuals).toHaveLength(n);
  });

  it('ask for groups, and for two of them', () => {
    expect(() => leastSquares(clusters.y, terms, { errors: 'cluster' })).toThrow('give `groups`');
    expect(() => leastSquares(clusters.y, terms, { groups: clusters.y.map(() => 'a') })).toThrow(
      'all rows are of one group',
    );
  });
});

describe('wildClusterTest', () => {
  it('has a smaller p for a planted slope than for noise, the same by the same seed', () => {
    const planted = clusters.y.map((y, i) => y + 3 * clusters.other[i]!);
    const draws = { draws: 399, seed: 2 };
    const found = wildClusterTest(planted, terms, 'other', clusters.group, draws);
    expect(found).toEqual(wildClusterTest(planted, terms, 'other', clusters.group, draws));
    expect(found.pValue).toBeLessThan(0.02);
    expect(found).toMatchObject({ weights: 'Webb', groups: 9, draws: 399 });
    const none = wildClusterTest(clusters.y, terms, 'dose', clusters.group, draws);
    expect(none.pValue).toBeGreaterThan(0.02);
  });

  it('refuses a term that was not kept', () => {
    expect(() => wildClusterTest(clusters.y, terms, 'width', clusters.group, { seed: 1 })).toThrow(
      '"width" is not among the terms',
    );
  });
});
