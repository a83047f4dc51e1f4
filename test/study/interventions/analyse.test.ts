import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { analyseIntervention, type TreatedQuery } from '../../../study/interventions/index.js';

const ARMS = [
  { name: 'control', kind: 'control', dose: 0 },
  { name: 'one', kind: 'paraphrase', dose: 1 },
  { name: 'four', kind: 'paraphrase', dose: 4 },
  { name: 'same topic', kind: 'placebo', dose: 2 },
  { name: 'untouched', kind: 'untouched', dose: 0 },
] as const;

/** 600 queries of 120 documents; a leak raises density, and each unit of it lowers the loss by `gain`. */
function queries({ gain = 0.5, spillover = 0, growth = 0, seed = 0.3 } = {}): TreatedQuery[] {
  const normal = randomNormal.source(randomLcg(seed))();
  return Array.from({ length: 600 }, (_, id) => {
    const { name: arm, kind, dose } = ARMS[id % 5]!;
    const densityBefore = -8 + normal();
    // What also moves density moves the loss the other way: least squares is misled.
    const hidden = 0.4 * normal();
    const leaked = kind === 'paraphrase' ? 0.5 * dose : 0;
    const change = leaked + (kind === 'placebo' ? 0.3 : 0) + hidden;
    const effect = gain * leaked + growth * (leaked > 0 ? densityBefore + 8 : 0) - 0.6 * hidden;
    const lossBefore = 4 + 0.3 * normal();
    const lossAfter = lossBefore - effect - (kind === 'untouched' ? 0 : spillover) + 0.1 * normal();
    return {
      ...{ id, arm, dose, densityBefore, densityAfter: densityBefore + change, lossBefore, lossAfter },
      ...{ document: `d${Math.floor(id / 5)}`, block: `b${Math.floor(id / 100)}` },
      ...{ correctBefore: Number(lossBefore < 3.8), correctAfter: Number(lossAfter < 3.8) },
    };
  });
}

const analyse = (rows: readonly TreatedQuery[]) => analyseIntervention('leak', rows, { arms: ARMS, seed: 1 });

describe('analyseIntervention', () => {
  const result = analyse(queries());
  const arm = (name: string) => result.arms.find((one) => one.arm === name)!;

  it('finds what was planted, by arm', () => {
    expect(result.arms.map((one) => one.arm)).toEqual(['untouched', 'control', 'same topic', 'one', 'four']);
    for (const [name, gain] of [
      ['one', 0.25],
      ['four', 1],
    ] as const) {
      const { gainEffect, densityEffect, rankEffect, permutationPValue, holmPValue } = arm(name);
      for (const effect of [gainEffect!, rankEffect!]) {
        expect(Math.abs(effect.estimate - gain)).toBeLessThan(0.08);
        expect(effect.high - effect.low).toBeLessThan(0.25);
      }
      expect(densityEffect!.estimate).toBeCloseTo(2 * gain, 0);
      expect(permutationPValue).toBe(1 / 2000);
      expect(holmPValue!).toBeGreaterThanOrEqual(gainEffect!.pValue);
    }
    expect(arm('control')).toMatchObject({ gainEffect: null, densityEffect: null, holmPValue: null });
    expect(arm('same topic').densityEffect!.low).toBeGreaterThan(0);
    expect(arm('same topic').gainEffect!.low).toBeLessThan(0);
    expect(arm('same topic').holmPValue).toBeNull();
  });

  it('is not misled by what else moved density', () => {
    const least = result.gainOnDensityChange.coefficients[1]!;
    expect(least.high).toBeLessThan(0.5);
    expect(result.instrumented!).toMatchObject({ weak: false });
    expect(result.instrumented!.low).toBeLessThan(0.5);
    expect(result.instrumented!.high).toBeGreaterThan(0.5);
    expect(result.densityOnDose!.estimate).toBeCloseTo(0.5, 1);
  });

  it('sees the trend, the answers that flipped, and no spillover or heterogeneity where there is none', () => {
    expect(result.trend).toMatchObject({ doses: 3 });
    expect(result.trend!.z).toBeGreaterThan(8);
    expect(arm('four').flips!.gained).toBeGreaterThan(arm('four').flips!.lost);
    expect(arm('four').accuracyEffect!.low).toBeGreaterThan(0);
    for (const { low, high } of [result.spillover!, result.heterogeneity!])
      expect(low * high).toBeLessThan(0);
  });

  it('sees spillover and heterogeneity where they are', () => {
    const other = analyse(queries({ spillover: 0.3, growth: 0.4 }));
    expect(other.spillover!.low).toBeGreaterThan(0.15);
    expect(other.heterogeneity!.low).toBeGreaterThan(0.3);
  });

  it('says nothing of answers that are not known, and of what cannot be estimated', () => {
    const without = queries().map(({ correctBefore: _, ...query }) => query);
    expect(analyse(without).arms.every(({ flips, accuracyEffect }) => !flips && !accuracyEffect)).toBe(true);
    const few = analyse(queries().slice(0, 5));
    expect(few.overall.gainEffect).toBeNull();
    expect(few.spillover).toBeNull();
  });
});
