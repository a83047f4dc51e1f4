import { describe, expect, it } from 'vitest';
import { headlineOf, sensitivityOf } from '../../../study/regression/index.js';
import { observed } from './observed.js';

const OPTIONS = { outcome: 'loss', groupBy: 'source' as const, folds: 10, seed: 1, controls: [] };

describe('headlineOf', () => {
  it('finds what density adds to the baselines where it adds something, and nothing by permuted densities', () => {
    const headline = headlineOf(observed({ slope: -0.4 }), OPTIONS);
    expect(headline.models.map(({ name }) => name)).toEqual([
      'length',
      'length and word frequency',
      'length and nearest text',
      'all of these',
    ]);
    for (const { gain, r2, r2WithDensity } of headline.models) {
      expect(gain.low).toBeGreaterThan(0);
      expect(r2WithDensity - r2).toBeCloseTo(gain.estimate, 12);
    }
    expect(headline.slope.high).toBeLessThan(0);
    const [permuted] = headline.negativeControls;
    expect(permuted).toMatchObject({ name: 'permuted' });
    expect(permuted!.gain.high).toBeLessThan(headline.models.at(-1)!.gain.low / 3);
    expect(Math.abs(permuted!.slope.estimate)).toBeLessThan(-headline.slope.high / 3);
    expect(headline).toMatchObject({
      n: 400,
      groups: 50,
      wildPValue: null,
      reliability: null,
      accuracy: null,
    });
  });

  it('sees that density only stands for word frequency', () => {
    const { models, slope } = headlineOf(observed({ slope: 0 }), OPTIONS);
    expect(models[0]!.gain.low).toBeGreaterThan(0);
    expect(models.at(-1)!.gain.low).toBeLessThan(0);
    expect(slope.low * slope.high).toBeLessThan(0);
  });

  it('tests by the wild bootstrap where groups are few', () => {
    const { wildPValue, folds } = headlineOf(observed({ slope: -0.4, rows: 120, groups: 8 }), OPTIONS);
    expect(wildPValue).toBeLessThan(0.05);
    expect(folds).toBe(8);
  });

  it('says how much of an estimated density is its error, and takes the attenuation back', () => {
    const sure = headlineOf(observed({ slope: -0.4, rows: 2000 }), OPTIONS);
    const unsure = headlineOf(observed({ slope: -0.4, rows: 2000, errors: 0.8 }), OPTIONS);
    expect(unsure.reliability!.ratio).toBeCloseTo(1 / (1 + 0.8 ** 2), 1);
    const perUnit = (slope: number, errors: number) => slope / Math.sqrt(1.49 + errors ** 2);
    expect(perUnit(unsure.reliability!.slope, 0.8)).toBeCloseTo(perUnit(sure.slope.estimate, 0), 1);
    expect(Math.abs(perUnit(unsure.slope.estimate, 0.8))).toBeLessThan(0.3);
  });

  it('says what density does to the chance of a right answer', () => {
    const data = observed({ slope: -1 });
    const correct = data.loss.map((loss) => Number(loss < 2));
    const { accuracy } = headlineOf({ ...data, correct }, OPTIONS);
    expect(accuracy!.method).toBe('maximum likelihood');
    expect(accuracy!.effect.low).toBeGreaterThan(0);
  });

  it('refuses a density that is the same everywhere', () => {
    const data = observed();
    expect(() => headlineOf({ ...data, log10Density: data.log10Density.fill(-3) }, OPTIONS)).toThrow(
      'log10 density is the same at every query',
    );
  });
});

describe('sensitivityOf', () => {
  it('counts the sides of the slopes, and says whether the conclusion flips', () => {
    const data = observed({ slope: -0.4 });
    const { slope } = headlineOf(data, OPTIONS);
    const swept = (factor: number, noise = 0) =>
      new Map(
        data.queries.map(({ id }, q) => [id, factor * data.log10Density[q]! + noise * ((q * 37) % 101)]),
      );
    const same = [
      { kernel: 'gaussian', bandwidth: 0.1, log10Density: swept(2) },
      { kernel: 'gaussian', bandwidth: 0.2, log10Density: swept(0.1) },
    ];
    const stable = sensitivityOf(data, slope, same);
    expect(stable).toMatchObject({ below: 2, above: 0, unsure: 0, flips: false });
    // In standard deviations the scale of a density does not matter.
    expect(stable.points[0]!.slope.estimate).toBeCloseTo(slope.estimate, 9);
    const noise = { kernel: 'gaussian', bandwidth: 0.3, log10Density: swept(0, 1) };
    const unstable = sensitivityOf(data, slope, [...same, noise]);
    expect(unstable).toMatchObject({ below: 2, unsure: 1, flips: true });
    const unknown = { kernel: 'gaussian', bandwidth: 0.4, log10Density: new Map([[1, -3]]) };
    expect(sensitivityOf(data, slope, [unknown]).points).toEqual([]);
  });
});
