import { describe, expect, it } from 'vitest';
import { panelOf } from '../../../study/regression/index.js';
import { leastSquares } from '../../../study/statistics/index.js';
import { observed } from './observed.js';

const runs = [1e6, 1e7, 1e8].map((params, r) => ({ name: `run ${r}`, covariates: { params, family: 'a' } }));
const OPTIONS = { runs, across: 'params', groupBy: 'source' as const, folds: 5, seed: 1 };

describe('panelOf', () => {
  it('fits every run and adjusts the family of their tests', () => {
    const panel = panelOf(observed({ runs: 3, slope: -0.2 }), OPTIONS);
    expect(panel.runs.map(({ run }) => run)).toEqual(['run 0', 'run 1', 'run 2']);
    const slopes = panel.runs.map(({ slope }) => slope.estimate);
    expect([...slopes].sort((a, b) => b - a)).toEqual(slopes);
    for (const { slope, holmPValue } of panel.runs) expect(holmPValue).toBeGreaterThanOrEqual(slope.pValue);
  });

  it('has the interaction of the regression with an effect of every run and query', () => {
    const data = observed({ runs: 3, rows: 60, groups: 12, slope: -0.2 });
    const { interaction } = panelOf(data, OPTIONS);
    const rows = data.losses.flatMap((_, r) => data.queries.map((_, q) => ({ r, q })));
    const x = runs.map(({ covariates }) => Math.log10(covariates.params));
    const mean = data.log10Density.reduce((sum, value) => sum + value, 0) / 60;
    const sd = Math.sqrt(data.log10Density.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 59);
    const times = (name: string, values: ArrayLike<number>) => ({
      name,
      values: rows.map(({ r, q }) => x[r]! * values[q]!),
    });
    const terms = [
      ...[1, 2].map((run) => ({ name: `run ${run}`, values: rows.map(({ r }) => Number(r === run)) })),
      ...data.queries
        .slice(1)
        .map(({ id }) => ({ name: `query ${id}`, values: rows.map(({ q }) => Number(q === id)) })),
      ...[...data.length, ...data.baselines.map(({ term }) => term)].map(({ name, values }) =>
        times(name, values),
      ),
      times(
        'interaction',
        data.log10Density.map((value) => (value - mean) / sd),
      ),
    ];
    const loss = rows.map(({ r, q }) => data.losses[r]![q]!);
    const whole = leastSquares(loss, terms, { errors: 'classical' });
    const wanted = whole.coefficients.find(({ name }) => name === 'interaction')!.estimate;
    expect(interaction!.covariate).toBe('log10 params');
    expect(interaction!.overQueries.estimate).toBeCloseTo(wanted, 9);
    expect(interaction!.overRuns.estimate).toBeCloseTo(wanted, 9);
  });

  it('has no interaction with a category, or with too few values', () => {
    const data = observed({ runs: 3 });
    expect(panelOf(data, { ...OPTIONS, across: 'family' }).interaction).toBeNull();
    expect(panelOf(data, { ...OPTIONS, across: null }).interaction).toBeNull();
    const two = runs.map((run, r) => ({ ...run, covariates: { params: r === 0 ? 1 : 2 } }));
    expect(panelOf(data, { ...OPTIONS, runs: two }).interaction).toBeNull();
  });
});
