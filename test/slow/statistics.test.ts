import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import {
  bootstrap,
  differenceInDifferences,
  kendall,
  leastSquares,
  logistic,
  partialR2,
  pearson,
  permutationTest,
  rankSum,
  signedRank,
  spearman,
  trendTest,
  twoStageLeastSquares,
  wildClusterTest,
} from '../../study/statistics/index.js';

/** One made data set: skewed, with unequal variances, rows in 45 groups that share a shock, and no effect but a planted one. */
function sample(seed: number, { rows = 180, groups = 45, effect = 0 } = {}) {
  const random = randomLcg(seed / 2 ** 32);
  const normal = randomNormal.source(random)();
  const draw = (n: number) => Array.from({ length: n }, () => normal());
  const group = Array.from({ length: rows }, (_, i) => i % groups);
  const [shockX, shockY] = [draw(groups), draw(groups)];
  const dose = Array.from({ length: rows }, (_, i) => Math.floor(i / groups) % 4);
  const hidden = draw(rows);
  const x = hidden.map((h, i) => h + 0.5 * dose[i]! + shockX[group[i]!]!);
  const alone = draw(rows);
  const spread = alone.map((a) => 0.5 + Math.exp(0.5 * a));
  const noise = draw(rows).map((e, i) => e * spread[i]!);
  return { group, dose, hidden, x, alone, noise, shockY, draw, random, effect };
}

type Sample = ReturnType<typeof sample>;
const term = (name: string, values: readonly number[]) => ({ name, values: [...values] });

/** p values of tests of a null that is true. */
const NULLS: { name: string; p: (data: Sample, seed: number) => number; times?: number }[] = [
  { name: 'pearson', p: ({ alone, draw }) => pearson(alone, draw(180)).pValue! },
  { name: 'spearman', p: ({ alone, noise }) => spearman(alone, noise).pValue! },
  { name: 'kendall', p: ({ alone, draw }) => kendall(alone, draw(180)).pValue! },
  {
    name: 'HC3, variance growing with the term',
    p: ({ alone, noise }) => leastSquares(noise, [term('x', alone)]).coefficients[1]!.pValue,
  },
  {
    name: 'cluster-robust, 45 groups with shocks in term and outcome',
    p: ({ x, noise, shockY, group }) =>
      leastSquares(
        noise.map((e, i) => e + shockY[group[i]!]!),
        [term('x', x)],
        { groups: group },
      ).coefficients[1]!.pValue,
  },
  {
    name: 'partial R² beside a control',
    p: ({ alone, hidden, draw }) => {
      const y = draw(180).map((e, i) => e + alone[i]!);
      return partialR2(y, [term('alone', alone)], [term('hidden', hidden)]).robustPValue!;
    },
  },
  {
    name: 'logistic',
    p: ({ alone, draw }) =>
      logistic(
        draw(180).map((e) => Number(e > 0.5)),
        [term('x', alone)],
      ).coefficients[1]!.pValue,
  },
  { name: 'signed ranks', p: ({ draw }) => signedRank(draw(60).map((e) => e ** 3)).pValue },
  { name: 'rank sum', p: ({ draw }) => rankSum(draw(40), draw(70)).pValue },
  { name: 'trend', p: ({ dose, draw }) => trendTest(dose, draw(180)).pValue },
  {
    name: 'permutation',
    p: ({ dose, noise }, seed) =>
      permutationTest({ values: noise, treated: dose.map((d) => d > 1), permutations: 199, seed }).pValue,
    times: 300,
  },
  {
    name: 'difference in differences, unequal variances',
    p: ({ draw, dose }) => {
      const treated = dose.map((d) => d === 0);
      const before = draw(180);
      const after = draw(180).map((e, i) => before[i]! + e * (treated[i] ? 2 : 1));
      return differenceInDifferences({ before, after, treated }).pValue!;
    },
  },
  {
    name: 'two-stage least squares, a confounded term',
    p: ({ hidden, dose, draw }) => {
      const y = draw(180).map((e, i) => e - 2 * hidden[i]!);
      const x = hidden.map((h, i) => h + dose[i]!);
      return twoStageLeastSquares(y, term('x', x), [term('dose', dose)]).pValue;
    },
  },
  {
    name: 'wild cluster bootstrap, 8 groups',
    p: (_, seed) => {
      const { x, noise, shockY, group } = sample(seed, { rows: 64, groups: 8 });
      const y = noise.map((e, i) => e + shockY[group[i]!]!);
      return wildClusterTest(y, [term('x', x)], 'x', group, { draws: 99, seed }).pValue;
    },
    times: 300,
  },
];

describe('under the null', () => {
  it.each(NULLS)('p is uniform: $name', ({ p, times = 1000 }) => {
    const values = Array.from({ length: times }, (_, i) => p(sample(7919 * (i + 1)), i + 1));
    for (const level of [0.05, 0.2, 0.5, 0.8]) {
      const share = values.filter((value) => value <= level).length / times;
      const error = Math.sqrt((level * (1 - level)) / times);
      // 4 Monte-Carlo errors, and .01 for the approximations at these sizes.
      expect(Math.abs(share - level), `${share} of p are ≤ ${level}`).toBeLessThan(4 * error + 0.01);
    }
  });
});

/** Whether an interval of a known quantity has it. */
const INTERVALS: { name: string; covers: (data: Sample, seed: number) => boolean; times: number }[] = [
  {
    name: 'HC3 slope of 1',
    covers: ({ alone, noise }) => {
      const y = noise.map((e, i) => e + alone[i]!);
      const { low, high } = leastSquares(y, [term('x', alone)]).coefficients[1]!;
      return low < 1 && high > 1;
    },
    times: 1000,
  },
  {
    name: 'BCa of the mean of a skewed variable',
    covers: ({ draw }, seed) => {
      const values = draw(60).map(Math.exp);
      const mean = (rows: readonly number[]) => rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length;
      const { low, high } = bootstrap(60, mean, { resamples: 999, seed });
      return low < Math.exp(0.5) && high > Math.exp(0.5);
    },
    times: 400,
  },
  {
    name: 'Hodges–Lehmann shift of .7',
    covers: ({ draw }) => {
      const { low, high } = signedRank(draw(50).map((e) => e + 0.7));
      return low < 0.7 && high > 0.7;
    },
    times: 1000,
  },
  {
    name: 'instrumented effect of .5',
    covers: ({ hidden, dose, draw }) => {
      const x = hidden.map((h, i) => h + dose[i]!);
      const y = draw(180).map((e, i) => e - 2 * hidden[i]! + 0.5 * x[i]!);
      const { low, high } = twoStageLeastSquares(y, term('x', x), [term('dose', dose)]);
      return low < 0.5 && high > 0.5;
    },
    times: 1000,
  },
];

describe('with a planted effect', () => {
  it.each(INTERVALS)('95% intervals have it about 95 times in 100: $name', ({ covers, times }) => {
    const shares = Array.from({ length: times }, (_, i) => covers(sample(104_729 * (i + 1)), i + 1));
    const share = shares.filter(Boolean).length / times;
    // The mean of a log-normal sample of 60 is the hard one: BCa is known to reach 91–93%.
    expect(share).toBeGreaterThan(0.95 - 4 * Math.sqrt(0.0475 / times) - 0.01);
    expect(share).toBeLessThan(0.985);
  });

  it('least squares is misled by a hidden cause where its instrument is not', () => {
    const { hidden, dose, draw } = sample(31);
    const x = hidden.map((h, i) => h + dose[i]!);
    const y = draw(180).map((e, i) => e - 2 * hidden[i]! + 0.5 * x[i]!);
    expect(leastSquares(y, [term('x', x)]).coefficients[1]!.estimate).toBeLessThan(0);
    expect(twoStageLeastSquares(y, term('x', x), [term('dose', dose)]).estimate).toBeGreaterThan(0.2);
  });
});
