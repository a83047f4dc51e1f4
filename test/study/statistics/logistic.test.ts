import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { logistic } from '../../../study/statistics/index.js';
import { columns, expectClose, r, statsmodels } from './reference.js';

const { clusters } = statsmodels;
const doses = columns({ ...clusters }, ['dose', 'other']);

describe('logistic', () => {
  it('agrees with R on mtcars', () => {
    const fit = logistic(r.data.am, columns({ ...r.data }, ['wt', 'hp']));
    expect(fit).toMatchObject({ method: 'maximum likelihood', errors: 'model', separated: false });
    expectClose(
      fit.coefficients.map(({ estimate }) => estimate),
      r.logit.estimates,
      1e-7,
    );
    expectClose(
      fit.coefficients.map(({ standardError }) => standardError),
      r.logit.standardErrors,
      1e-5,
    );
    expectClose(
      fit.coefficients.map(({ pValue }) => pValue),
      r.logit.p,
      1e-4,
    );
    expectClose(fit.fitted, r.logit.fitted, 1e-6);
    expect(fit.logLikelihood).toBeCloseTo(r.logit.logLikelihood, 9);
  });

  it('agrees with statsmodels, with average marginal effects and clusters', () => {
    const { logit } = clusters;
    const fit = logistic(clusters.right, doses);
    const clustered = logistic(clusters.right, doses, { groups: clusters.group });
    expectClose(
      fit.coefficients.map(({ estimate }) => estimate),
      logit.estimates,
      1e-8,
    );
    expectClose(
      fit.coefficients.map(({ standardError }) => standardError),
      logit.standardErrors,
      1e-8,
    );
    expectClose(
      clustered.coefficients.map(({ standardError }) => standardError),
      logit.clustered,
      1e-8,
    );
    expectClose([fit.logLikelihood, fit.pseudoR2], [logit.logLikelihood, logit.pseudoR2], 1e-9);
    expectClose(
      fit.marginalEffects.map(({ effect }) => effect),
      logit.effects,
      1e-8,
    );
    expectClose(
      fit.marginalEffects.map(({ standardError }) => standardError),
      logit.effectErrors,
      1e-8,
    );
    expectClose(
      clustered.marginalEffects.map(({ standardError }) => standardError),
      logit.clusteredEffectErrors,
      1e-8,
    );
  });

  it("has Firth's answer, as a general optimiser finds it, with or without separation", () => {
    const parted = logistic(r.firth.y, columns({ ...r.firth }, ['x', 'z']));
    expect(parted).toMatchObject({ method: 'firth', separated: true });
    expectClose(
      parted.coefficients.map(({ estimate }) => estimate),
      r.firth.estimates,
      1e-4,
    );
    expectClose(
      parted.coefficients.map(({ standardError }) => standardError),
      r.firth.standardErrors,
      1e-3,
    );
    const whole = logistic(r.data.am, columns({ ...r.data }, ['wt']), { firth: true });
    expect(whole).toMatchObject({ method: 'firth', separated: false });
    expectClose(
      whole.coefficients.map(({ estimate }) => estimate),
      r.firthOfMtcars.estimates,
      1e-4,
    );
  });

  it('sees quasi-complete separation, where one value of a term has one outcome', () => {
    const rare = Array.from({ length: 40 }, (_, i) => Number(i < 5));
    const right = rare.map((flag, i) => (flag ? 1 : i % 2));
    const fit = logistic(right, [{ name: 'rare', values: rare }]);
    expect(fit).toMatchObject({ method: 'firth', separated: true });
    expect(Math.abs(fit.coefficients[1]!.estimate)).toBeLessThan(10);
  });

  it('does not take a row far out for separation', () => {
    const normal = randomNormal.source(randomLcg(3))();
    const x = Array.from({ length: 200 }, () => normal());
    const y = x.map((value) => Number(value + normal() > 0));
    x.push(60);
    y.push(1);
    const fit = logistic(y, [{ name: 'x', values: x }]);
    expect(fit).toMatchObject({ method: 'maximum likelihood', separated: false });
  });

  it('refuses outcomes that are not 0 or 1, or are all the same', () => {
    expect(() => logistic([0, 1, 2, 1], [])).toThrow('y[2] is 2');
    expect(() => logistic([1, 1, 1], [])).toThrow('y is 1 in all 3 rows');
  });
});
