import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { leastSquares, reliability, simex, twoStageLeastSquares } from '../../../study/statistics/index.js';
import { columns, expectClose, statsmodels } from './reference.js';

const { clusters } = statsmodels;
const { twoStage } = clusters;
const [dose, other, instrument] = columns({ ...clusters }, ['dose', 'other', 'instrument']);

describe('twoStageLeastSquares', () => {
  it('agrees with statsmodels and the formula of the robust errors', () => {
    const fit = twoStageLeastSquares(clusters.y, dose!, [instrument!], { controls: [other!] });
    expectClose(
      [fit.estimate, fit.standardError, fit.firstStageF],
      [twoStage.estimate, twoStage.standardError, twoStage.firstStageF],
      1e-8,
    );
    expect(fit).toMatchObject({ weak: false, errors: 'HC1', degreesOfFreedom: 87 });
    const clustered = twoStageLeastSquares(clusters.y, dose!, [instrument!], {
      controls: [other!],
      groups: clusters.group,
    });
    expectClose(
      [clustered.standardError, clustered.firstStageF],
      [twoStage.clustered, twoStage.firstStageFClustered],
      1e-8,
    );
    expect(clustered).toMatchObject({ errors: 'cluster', degreesOfFreedom: 8 });
  });

  it('is least squares where the term is its own instrument', () => {
    const own = { name: 'own', values: dose!.values };
    const fit = twoStageLeastSquares(clusters.y, dose!, [own], { controls: [other!] });
    expect(fit.estimate).toBeCloseTo(leastSquares(clusters.y, [dose!, other!]).coefficients[1]!.estimate, 10);
  });

  it('calls an instrument weak that hardly moves the term, and refuses one that does not', () => {
    const normal = randomNormal.source(randomLcg(5))();
    const noise = { name: 'noise', values: clusters.y.map(() => normal()) };
    expect(twoStageLeastSquares(clusters.y, dose!, [noise]).weak).toBe(true);
    const constant = { name: 'constant', values: clusters.y.map(() => 1) };
    expect(() => twoStageLeastSquares(clusters.y, dose!, [constant])).toThrow('constant or collinear');
    expect(() => twoStageLeastSquares(clusters.y, dose!, [])).toThrow('at least one instrument');
    const groups = clusters.y.map(() => 'one');
    expect(() => twoStageLeastSquares(clusters.y, dose!, [instrument!], { groups })).toThrow(
      'all rows are of one group',
    );
  });
});

describe('measurement error', () => {
  const normal = randomNormal.source(randomLcg(6))();
  const truth = Array.from({ length: 4000 }, () => normal());
  const errors = truth.map((_, i) => (i % 2 ? 0.7 : 0.3));
  const term = { name: 'measured', values: truth.map((x, i) => x + errors[i]! * normal()) };
  const y = truth.map((x) => 2 * x + 0.5 * normal());

  it('is undone by the reliability ratio', () => {
    const got = reliability(y, term, errors);
    expect(got.ratio).toBeCloseTo(1 / 1.29, 1);
    expect(got.slope).toBeLessThan(1.65);
    expect(Math.abs(got.corrected - 2)).toBeLessThan(4 * got.standardError);
    expect(() => reliability(y, term, errors, [{ name: 'copy', values: term.values }])).toThrow();
    const huge = truth.map(() => 5);
    expect(() => reliability(y, term, huge)).toThrow('its slope cannot be told');
    expect(() => reliability(y, term, [...errors.slice(1), -1])).toThrow('errors[3999] is -1');
  });

  it('is mostly undone by SIMEX, whose path falls', () => {
    const got = simex(
      y.slice(0, 1000),
      { ...term, values: term.values.slice(0, 1000) },
      errors.slice(0, 1000),
      {
        draws: 40,
        seed: 1,
      },
    );
    expect(got.corrected).toBeGreaterThan(1.8);
    expect(got.corrected).toBeLessThan(2.1);
    const slopes = got.path.map(({ slope }) => slope);
    expect([...slopes].sort((a, b) => b - a)).toEqual(slopes);
  });

  it('changes nothing where nothing was measured with error', () => {
    const none = truth.map(() => 0);
    expect(reliability(y, term, none)).toMatchObject({ ratio: 1 });
    const { slope, corrected } = simex(y, term, none, { draws: 2, seed: 1 });
    expect(corrected).toBeCloseTo(slope, 9);
  });
});
