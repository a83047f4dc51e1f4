import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { differenceInDifferences, welch } from '../../../study/statistics/index.js';
import { r, statsmodels } from './reference.js';

const { mpg, am } = r.data;
const { before, after, treated, document, ...wanted } = statsmodels.panel;

describe('welch', () => {
  it("agrees with R's t.test", () => {
    const got = welch(
      mpg.filter((_, i) => am[i] === 0),
      mpg.filter((_, i) => am[i] === 1),
    );
    expect(got.estimate).toBeCloseTo(r.welch.estimate, 12);
    expect(got.standardError).toBeCloseTo(r.welch.se, 12);
    expect(got.degreesOfFreedom).toBeCloseTo(r.welch.df, 10);
    expect(got.low).toBeCloseTo(r.welch.low, 9);
    expect(got.high).toBeCloseTo(r.welch.high, 9);
    expect(got.t).toBeCloseTo(r.welch.t, 12);
    expect(got.pValue).toBeCloseTo(r.welch.p, 12);
    expect(got).toMatchObject({ nA: 19, nB: 13 });
  });

  it('has no interval where nothing varies', () => {
    expect(welch([0.1, 0.1, 0.1], [0.3, 0.3])).toMatchObject({ standardError: 0, low: null, pValue: null });
  });

  it('refuses what it cannot use', () => {
    expect(() => welch([1], [2, 3])).toThrow('a has 1 values');
    expect(() => welch([1, 2], [2, Number.NaN])).toThrow('b[1] is NaN');
  });
});

describe('differenceInDifferences', () => {
  it('is the interaction of the long regression, with the HC2 error of the change', () => {
    const got = differenceInDifferences({ before, after, treated });
    expect(got.estimate).toBeCloseTo(wanted.interaction, 12);
    expect(got.standardError).toBeCloseTo(wanted.hc2StandardError, 12);
    expect(got.pValue).toBeCloseTo(wanted.welchP, 12);
    expect(got).toMatchObject({ method: 'welch', groups: null, treated: { n: 27 }, control: { n: 33 } });
    expect(got.treated.change).toBeCloseTo(got.treated.after - got.treated.before, 12);
    expect(got.estimate).toBeCloseTo(got.treated.change - got.control.change, 12);
  });

  it("agrees with statsmodels' cluster-robust errors", () => {
    const got = differenceInDifferences({ before, after, treated, groups: document });
    expect(got.estimate).toBeCloseTo(wanted.interaction, 12);
    expect(got.standardError).toBeCloseTo(wanted.cluster.standardError, 12);
    expect(got.low).toBeCloseTo(wanted.cluster.low, 10);
    expect(got.high).toBeCloseTo(wanted.cluster.high, 10);
    expect(got.pValue).toBeCloseTo(wanted.cluster.p, 10);
    expect(got).toMatchObject({ method: 'cluster', groups: 12, degreesOfFreedom: 11 });
  });

  it('covers a true effect about 95 times in 100 when whole documents are treated', () => {
    const normal = randomNormal.source(randomLcg(17))(0, 1);
    const [documents, each, repeats] = [40, 5, 400];
    const groups = Array.from({ length: documents * each }, (_, i) => Math.floor(i / each));
    const flags = groups.map((g) => g % 2 === 0);
    const covered = { welch: 0, cluster: 0 };
    for (let k = 0; k < repeats; k++) {
      const shock = Array.from({ length: documents }, normal);
      const start = groups.map(() => normal());
      const end = start.map((v, i) => v + shock[groups[i]!]! + 0.5 * normal() + (flags[i] ? 0.7 : 0));
      for (const input of [{}, { groups }]) {
        const got = differenceInDifferences({ before: start, after: end, treated: flags, ...input });
        if (got.low! <= 0.7 && 0.7 <= got.high!) covered[got.method]++;
      }
    }
    expect(covered.cluster / repeats).toBeGreaterThan(0.92);
    expect(covered.cluster / repeats).toBeLessThan(0.98);
    // Rows of one document are not independent: without groups the interval is far too narrow.
    expect(covered.welch / repeats).toBeLessThan(0.75);
  });

  it('refuses what it cannot use', () => {
    const input = { before: [1, 2, 3, 4], after: [2, 2, 3, 5], treated: [true, true, false, false] };
    expect(() => differenceInDifferences({ ...input, treated: [true, false, false, false] })).toThrow(
      'the treated arm has 1 rows',
    );
    expect(() => differenceInDifferences({ ...input, after: [1, 2, 3] })).toThrow(
      'before has 4 rows and after has 3',
    );
    expect(() => differenceInDifferences({ ...input, groups: ['a', 'a', 'b', 'c'] })).toThrow(
      'all treated rows are of one group',
    );
  });
});
