import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Coefficient, leastSquares, predict } from '../../../study/statistics/index.js';
import { digits, readNist } from './nist.js';
import { columns, expectClose, r, statsmodels } from './reference.js';

/** The digits that each set must reach: estimates, standard deviations, residual deviation and R². */
const NIST = [
  { name: 'norris', estimates: 12, deviations: 13, rest: 13 },
  { name: 'pontius', estimates: 12, deviations: 13, rest: 13 },
  { name: 'longley', estimates: 12, deviations: 13, rest: 13 },
  { name: 'wampler1', estimates: 9, deviations: 9, rest: 9 },
  { name: 'wampler2', estimates: 12, deviations: 12, rest: 12 },
  { name: 'wampler3', estimates: 9, deviations: 12, rest: 13 },
  { name: 'wampler4', estimates: 8, deviations: 12, rest: 13 },
  { name: 'wampler5', estimates: 6, deviations: 12, rest: 12 },
  // x^10 rounded to a double already costs 8 of 15 digits: solved exactly, the rounded columns give 7.6.
  { name: 'filip', estimates: 7, deviations: 7, rest: 7 },
];

const pick = (fit: { coefficients: Coefficient[] }, field: Exclude<keyof Coefficient, 'name'>) =>
  fit.coefficients.map((coefficient) => coefficient[field]);

describe('leastSquares on NIST StRD', () => {
  it.each(NIST)('$name keeps its certified digits', ({ name, estimates, deviations, rest }) => {
    const { set, y, terms } = readNist(name);
    const { certified } = set;
    const fit = leastSquares(y, terms, { errors: 'classical' });
    expect(fit.dropped).toEqual([]);
    fit.coefficients.forEach(({ estimate, standardError }, j) => {
      expect(digits(estimate, certified.estimates[j]!)).toBeGreaterThan(estimates);
      expect(digits(standardError, certified.standardDeviations[j]!)).toBeGreaterThan(deviations);
    });
    expect(digits(fit.residualStandardError, certified.residualStandardDeviation)).toBeGreaterThan(rest);
    expect(digits(fit.r2, certified.r2)).toBeGreaterThan(rest);
    if (certified.f) expect(digits(fit.f!, certified.f)).toBeGreaterThan(rest);
  });
});

/** NIST's lines through the origin: a line has no intercept where every row is there twice, as itself and mirrored. */
const NO_INTERCEPT = [
  {
    name: 'NoInt1',
    x: Array.from({ length: 11 }, (_, i) => 60 + i),
    y: Array.from({ length: 11 }, (_, i) => 130 + i),
    ...{ slope: 2.07438016528926, deviation: 0.0165289256198347, residual: 3.56753034006338 },
    r2: 0.999365492298663,
  },
  {
    name: 'NoInt2',
    ...{ x: [4, 5, 6], y: [3, 4, 4] },
    ...{ slope: 0.727272727272727, deviation: 0.0420827318078432, residual: 0.369274472937998 },
    r2: 0.993348115299335,
  },
];

it.each(NO_INTERCEPT)('keeps the certified digits of $name', ({ x, y, slope, deviation, residual, r2 }) => {
  const mirrored = (values: readonly number[]) => [...values, ...values.map((value) => -value)];
  const fit = leastSquares(mirrored(y), [{ name: 'x', values: mirrored(x) }], { errors: 'classical' });
  const [intercept, line] = fit.coefficients;
  expect(Math.abs(intercept!.estimate)).toBeLessThan(1e-13);
  expect(digits(line!.estimate, slope)).toBeGreaterThan(13);
  // Twice the rows, with one parameter more: from 2n − 2 to the n − 1 degrees of freedom of the line alone.
  expect(digits(line!.standardError * Math.sqrt(2), deviation)).toBeGreaterThan(13);
  expect(digits(fit.residualStandardError, residual)).toBeGreaterThan(13);
  expect(digits(fit.r2, r2)).toBeGreaterThan(13);
});

describe('leastSquares on published data', () => {
  const terms = columns(r.data, ['wt', 'hp', 'qsec', 'am']);

  it('agrees with R on mtcars, classical', () => {
    const fit = leastSquares(r.data.mpg, terms, { errors: 'classical' });
    expect(fit.coefficients.map(({ name }) => name)).toEqual(['intercept', 'wt', 'hp', 'qsec', 'am']);
    expectClose(pick(fit, 'estimate'), r.fit.estimates);
    expectClose(pick(fit, 'standardError'), r.fit.classical);
    expectClose(pick(fit, 'low'), r.fit.classicalLow);
    expectClose(pick(fit, 'high'), r.fit.classicalHigh);
    expectClose(pick(fit, 'pValue'), r.fit.classicalP);
    expectClose(
      [fit.r2, fit.adjustedR2, fit.residualStandardError, fit.f!, fit.fPValue!],
      [r.fit.r2, r.fit.adjustedR2, r.fit.residualStandardError, r.fit.f, r.fit.fP],
    );
    expectClose(fit.leverages, r.fit.leverages);
    expectClose(fit.residuals, r.fit.residuals, 1e-9);
    expect(fit).toMatchObject({ n: 32, degreesOfFreedom: 27, errors: 'classical', level: 0.95, dropped: [] });
  });

  it('agrees with R on mtcars, HC3 (the default)', () => {
    const fit = leastSquares(r.data.mpg, terms);
    expect(fit.errors).toBe('HC3');
    expectClose(pick(fit, 'standardError'), r.fit.hc3, 1e-9);
    expectClose(pick(fit, 'pValue'), r.fit.hc3P, 1e-9);
    expectClose([fit.f!, fit.fPValue!], [r.fit.robustF, r.fit.robustFP], 1e-9);
  });

  it.each(['classical', 'HC3'] as const)('agrees with statsmodels on stackloss, %s', (errors) => {
    const { y, terms: data, estimates, ...described } = statsmodels.stackloss;
    const wanted = described[errors];
    const fit = leastSquares(y, columns(data, Object.keys(data)), { errors });
    expectClose(pick(fit, 'estimate'), estimates, 1e-9);
    expectClose(pick(fit, 'standardError'), wanted.standardErrors, 1e-9);
    expectClose(pick(fit, 'pValue'), wanted.pValues, 1e-8);
    expectClose(pick(fit, 'low'), wanted.low, 1e-9);
    expectClose(pick(fit, 'high'), wanted.high, 1e-9);
    expectClose([fit.f!, fit.fPValue!], [wanted.f, wanted.fP], 1e-8);
  });
});

describe('leastSquares', () => {
  it('has the HC3 error of the formula on five points', () => {
    const x = [0, 1, 2, 3, 9];
    const y = [1, 0, 4, 2, 11];
    const [meanX, meanY] = [3, 3.6];
    const sxx = x.reduce((sum, v) => sum + (v - meanX) ** 2, 0);
    const slope = x.reduce((sum, v, i) => sum + (v - meanX) * (y[i]! - meanY), 0) / sxx;
    const variance = x.reduce((sum, v, i) => {
      const residual = y[i]! - meanY - slope * (v - meanX);
      const leverage = 1 / 5 + (v - meanX) ** 2 / sxx;
      return sum + (((v - meanX) / sxx) * (residual / (1 - leverage))) ** 2;
    }, 0);
    const fit = leastSquares(y, [{ name: 'x', values: x }]);
    expect(fit.coefficients[1]!.estimate).toBeCloseTo(slope, 14);
    expect(fit.coefficients[1]!.standardError).toBeCloseTo(Math.sqrt(variance), 14);
  });

  it('fits the mean alone', () => {
    const fit = leastSquares([1, 2, 6], [], { errors: 'classical' });
    expect(fit.coefficients).toHaveLength(1);
    expect(fit.coefficients[0]!.estimate).toBe(3);
    expect(fit.coefficients[0]!.standardError).toBeCloseTo(Math.sqrt(7 / 3), 14);
    expect(fit).toMatchObject({ r2: 0, f: null, fPValue: null });
  });

  it('names constant and collinear terms and fits the rest', () => {
    const { mpg, wt, hp } = r.data;
    const kept = [
      { name: 'wt', values: wt },
      { name: 'hp', values: hp },
    ];
    const fit = leastSquares(mpg, [
      { name: 'tenth', values: wt.map(() => 0.1) },
      kept[0]!,
      { name: 'wt again', values: wt },
      kept[1]!,
      { name: 'mixed', values: wt.map((v, i) => 5 - 3 * v + hp[i]! / 7) },
    ]);
    expect(fit.dropped).toEqual([
      { name: 'tenth', reason: 'constant' },
      { name: 'wt again', reason: 'collinear' },
      { name: 'mixed', reason: 'collinear' },
    ]);
    expect(fit.coefficients).toEqual(leastSquares(mpg, kept).coefficients);
    expect(fit.degreesOfFreedom).toBe(29);
  });

  it('sees a copy behind a large offset', () => {
    const x = Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const fit = leastSquares(
      x.map((v, i) => v + Math.cos(3 * i)),
      [
        { name: 'x', values: x },
        { name: 'far', values: x.map((v) => v + 1e9) },
      ],
    );
    expect(fit.dropped).toEqual([{ name: 'far', reason: 'collinear' }]);
  });

  const rows = fc
    .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 5,
      maxLength: 30,
    })
    .filter((pairs) => new Set(pairs.map(([x]) => x)).size > 2 && new Set(pairs.map(([, y]) => y)).size > 1);
  const factor = fc.integer({ min: 1, max: 1000 }).chain((v) => fc.constantFrom(v / 10, -v / 10));
  const shift = fc.integer({ min: -1000, max: 1000 });

  it('has an R² that no change of units moves', () => {
    fc.assert(
      fc.property(rows, factor, shift, factor, shift, (pairs, a, b, c, d) => {
        const x = pairs.map(([v]) => v);
        const y = pairs.map(([, v]) => v);
        const fit = leastSquares(y, [{ name: 'x', values: x }], { errors: 'classical' });
        const moved = leastSquares(
          y.map((v) => a * v + b),
          [{ name: 'x', values: x.map((v) => c * v + d) }],
          { errors: 'classical' },
        );
        expect(moved.r2).toBeCloseTo(fit.r2, 9);
        expect(moved.coefficients[1]!.estimate).toBeCloseTo((fit.coefficients[1]!.estimate * a) / c, 6);
      }),
    );
  });

  it('leaves residuals that are orthogonal to the terms and sum to 0, and leverages that sum to the parameters', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const x = pairs.map(([v]) => v);
        const terms = [
          { name: 'x', values: x },
          { name: 'x²', values: x.map((v) => v * v) },
        ];
        const fit = leastSquares(
          pairs.map(([, v]) => v),
          terms,
          { errors: 'classical' },
        );
        expect(fit.residuals.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 9);
        expect(fit.residuals.reduce((sum, v, i) => sum + v * x[i]!, 0)).toBeCloseTo(0, 7);
        expect(fit.leverages.reduce((sum, v) => sum + v, 0)).toBeCloseTo(fit.coefficients.length, 9);
        for (const [i, v] of predict(fit, terms, pairs.length).entries())
          expect(v).toBeCloseTo(fit.fitted[i]!, 7);
      }),
    );
  });

  it('refuses what it cannot use, and says where', () => {
    const x = { name: 'log density', values: [1, 2, Number.NaN] };
    expect(() => leastSquares([1, 2, 4], [x])).toThrow(RangeError);
    expect(() => leastSquares([1, 2, 4], [x])).toThrow('log density[2] is NaN');
    expect(() => leastSquares([1, Number.POSITIVE_INFINITY, 4], [])).toThrow('y[1] is Infinity');
    expect(() => leastSquares([1, 2], [{ name: 'x', values: [3, 4] }])).toThrow(
      '2 rows are too few for 2 parameters',
    );
    expect(() => leastSquares([1, 2, 3], [{ name: 'x', values: [3, 4] }])).toThrow(
      'y has 3 rows and x has 2',
    );
    expect(() => leastSquares([2, 2, 2, 2], [])).toThrow('y is 2 in all 4 rows');
    expect(() => leastSquares([1, 2, 3], [], { level: 95 })).toThrow('level is 95');
    const alone = { name: 'alone', values: [0, 0, 1, 0, 0] };
    expect(() => leastSquares([1, 3, 2, 5, 4], [alone])).toThrow('row 2 has leverage 1');
    expect(leastSquares([1, 3, 2, 5, 4], [alone], { errors: 'classical' }).coefficients).toHaveLength(2);
    expect(() => leastSquares([1, 3, 2, 5, 4], [alone, alone])).toThrow('two terms are named "alone"');
    expect(() => predict(leastSquares([1, 3, 2, 5], []), [], 2)).not.toThrow();
    expect(() => predict(leastSquares([1, 3, 2, 5, 4], [alone], { errors: 'classical' }), [], 2)).toThrow(
      'the fit has a term "alone"',
    );
  });
});
