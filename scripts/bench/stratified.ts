import {
  chooseBandwidth,
  type DensityEstimate,
  ESTIMATORS,
  openStratified,
  type Points,
} from '../../density/index.js';
import { openVectorReader } from '../../store/index.js';
import { type RealEmbeddings, realEmbeddings } from './real-embeddings.js';
import { type BenchRow, summarise } from './row.js';

const KERNEL = 'exponential' as const;
const EFFECTIVE_SAMPLES = [30, 100, 1000];
const POINTS = 1_000_000;
const BUDGET = 0.02;
const RUNS = 5;
const BANDWIDTH_SAMPLE = 64;
const ONE_QUERY_RUNS = 101;

/** The stratified estimator against exact sums and DEANN, on a million points of real embeddings. */
export async function benchStratified(): Promise<BenchRow[]> {
  const real = await realEmbeddings(POINTS);
  const points = openReal(real);
  try {
    const found = [];
    for (const effectiveSamples of EFFECTIVE_SAMPLES)
      found.push(await compare(real, points, effectiveSamples));
    return [...accuracyRows(found, real.note), await benchOneQuery(real, points, found[1]!.bandwidth)];
  } finally {
    points.reader.close();
  }
}

/** Points of benchmark embeddings, in documents of 250 chunks and 43 sources. */
export function openReal({ folder }: RealEmbeddings): Points {
  const reader = openVectorReader(folder);
  return {
    ...{ corpusId: 1, corpus: 'texts', folder, reader },
    documents: Array.from({ length: Math.ceil(reader.rows / 250) }, (_, d) => ({
      key: `${d}`,
      source: `${d % 43}`,
    })),
    documentOfRow: Int32Array.from({ length: reader.rows }, (_, row) => Math.floor(row / 250)),
  };
}

/** What one bandwidth shows. */
interface Comparison {
  effectiveSamples: number;
  bandwidth: number;
  errors: number[];
  deannErrors: number[];
  covered: number;
  touched: number;
  deannTouched: number;
  seconds: number[];
  exactSeconds: number[];
}

async function compare(real: RealEmbeddings, points: Points, effectiveSamples: number): Promise<Comparison> {
  const { queries } = real;
  const { bandwidth } = await chooseBandwidth(spread(real, BANDWIDTH_SAMPLE), [points], {
    kernel: KERNEL,
    effectiveSamples,
  });
  const settings = { kernel: KERNEL, bandwidth, attribution: false, relativeError: 0, budget: BUDGET };
  const run = async (name: keyof typeof ESTIMATORS, seed: number) => {
    const start = performance.now();
    const estimates = await ESTIMATORS[name](queries, [points], { ...settings, seed });
    return { estimates, seconds: (performance.now() - start) / 1000 };
  };
  await run('exact', 0);
  await run('stratified', 0);
  const all: Comparison = {
    ...{ effectiveSamples, bandwidth, errors: [], deannErrors: [], covered: 0, touched: 0, deannTouched: 0 },
    ...{ seconds: [], exactSeconds: [] },
  };
  for (let seed = 1; seed <= RUNS; seed++) {
    const [exact, stratified, deann] = [
      await run('exact', 0),
      await run('stratified', seed),
      await run('deann', seed),
    ];
    all.exactSeconds.push(exact.seconds);
    all.seconds.push(stratified.seconds);
    all.errors.push(...errorsOf(stratified.estimates, exact.estimates));
    all.deannErrors.push(...errorsOf(deann.estimates, exact.estimates));
    all.touched += meanTouched(stratified.estimates) / RUNS;
    all.deannTouched += meanTouched(deann.estimates) / RUNS;
    all.covered += coverage(stratified.estimates, exact.estimates) / RUNS;
  }
  return all;
}

/** Queries from all over the set. */
export function spread(
  { queries, dims }: Pick<RealEmbeddings, 'queries' | 'dims'>,
  count: number,
): Float32Array {
  const step = Math.floor(queries.length / dims / count);
  const some = new Float32Array(count * dims);
  for (let i = 0; i < count; i++)
    some.set(queries.subarray(i * step * dims, (i * step + 1) * dims), i * dims);
  return some;
}

const errorsOf = (estimates: readonly DensityEstimate[], exact: readonly DensityEstimate[]) =>
  estimates.map(({ logDensity }, q) => Math.abs(Math.expm1(logDensity - exact[q]!.logDensity)));

const meanTouched = (estimates: readonly DensityEstimate[]) =>
  estimates.reduce((sum, { touched }) => sum + touched, 0) / estimates.length;

/** The share of queries whose exact density, which is right to 1e-4 itself, lies in the interval. */
const coverage = (estimates: readonly DensityEstimate[], exact: readonly DensityEstimate[]) =>
  estimates.filter(({ interval: [low, high] }, q) => {
    const { logDensity } = exact[q]!;
    return low - 1e-4 <= logDensity && logDensity <= high + 1e-4;
  }).length / estimates.length;

function quantileOf(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}

function accuracyRows(found: readonly Comparison[], note: string): BenchRow[] {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const row = (
    name: string,
    unit: string,
    of: (one: Comparison) => number,
    {
      goal,
      met,
      against,
      worst = Math.max,
    }: Pick<BenchRow, 'goal' | 'against'> & {
      met: (value: number) => boolean;
      worst?: (...values: number[]) => number;
    },
    ratio = false,
  ): BenchRow => {
    const values = found.map(of);
    const value = worst(...values);
    const each = found.map((one, i) => {
      const shown = unit === '%' ? percent(values[i]! / 100) : values[i]!.toPrecision(3);
      return `${shown} at ESS ${one.effectiveSamples} (h = ${one.bandwidth})`;
    });
    return {
      ...{ name, value, unit, against, goal, met: met(value), ratio: ratio ? value : null },
      range: [Math.min(...values), Math.max(...values)],
      note: `${each.join(', ')}; ${note}`,
    };
  };
  const medians = (one: Comparison) => 100 * quantileOf(one.errors, 0.5);
  return [
    row('stratified_relerr_median', '%', medians, {
      ...{ goal: '<= 1 %', met: (value) => value <= 1, against: 'exact, relative error of f' },
    }),
    row('stratified_relerr_p95', '%', (one) => 100 * quantileOf(one.errors, 0.95), {
      ...{ goal: '<= 4 %', met: (value) => value <= 4, against: 'exact, relative error of f' },
    }),
    row('stratified_coverage', '%', (one) => 100 * one.covered, {
      ...{
        goal: '93 to 97 %',
        met: (value) => value >= 93 && value <= 97,
        against: 'nominal 95 % intervals',
        worst: Math.min,
      },
    }),
    row('stratified_touched', '%', (one) => 100 * one.touched, {
      ...{ goal: '<= 2 %', met: (value) => value <= 2.0, against: 'all points, mean of queries' },
    }),
    row(
      'stratified_vs_exact',
      'x',
      (one) => summarise(one.exactSeconds).median / summarise(one.seconds).median,
      {
        ...{ goal: '>= 15x', met: (value) => value >= 15, worst: Math.min },
        against: `exact fp32, ${found.map((one) => `${summarise(one.exactSeconds).median.toFixed(2)} s to ${summarise(one.seconds).median.toFixed(2)} s`).join(', ')}`,
      },
      true,
    ),
    row(
      'stratified_vs_deann',
      'x',
      (one) => quantileOf(one.deannErrors, 0.5) / quantileOf(one.errors, 0.5),
      {
        ...{ goal: '> 1x', met: (value) => value > 1, worst: Math.min },
        against: `DEANN's median relative error, ${found.map((one) => `${percent(quantileOf(one.deannErrors, 0.5))} at ${percent(one.deannTouched)} touched`).join(', ')}`,
      },
      true,
    ),
  ];
}

async function benchOneQuery(
  { queries, dims, note }: RealEmbeddings,
  points: Points,
  bandwidth: number,
): Promise<BenchRow> {
  const stratified = openStratified([points]);
  const settings = { kernel: KERNEL, bandwidth, attribution: false };
  const times: number[] = [];
  const exactTimes: number[] = [];
  let touched = 0;
  const timed = async (work: () => Promise<DensityEstimate[]>, into: number[], run: number) => {
    const start = performance.now();
    const [one] = await work();
    // The first few are to warm up.
    if (run >= 0) into.push(performance.now() - start);
    return one!;
  };
  try {
    for (let run = -3; run < ONE_QUERY_RUNS; run++) {
      const q = (run + 3) % (queries.length / dims);
      const query = queries.slice(q * dims, (q + 1) * dims);
      const drawn = () => stratified.estimate(query, { ...settings, budget: BUDGET });
      const one = await timed(drawn, times, run);
      touched += one.touched / (ONE_QUERY_RUNS + 3);
      if (run % 10 === 0) await timed(() => ESTIMATORS.exact(query, [points], settings), exactTimes, run);
    }
  } finally {
    stratified.close();
  }
  const exact = summarise(exactTimes).median;
  const { median, range } = summarise(times);
  return {
    ...{
      name: 'one_query_p50_ms',
      value: median,
      unit: 'ms',
      range,
      ratio: null,
      goal: '<= 40 ms',
      met: median <= 40,
    },
    against: `exact fp32 of one query, ${exact.toFixed(0)} ms`,
    note: `to a relative half-width of 5 % or ${100 * BUDGET} % of the points, ${(100 * touched).toFixed(2)} % touched on average, h = ${bandwidth}; ${note}`,
  };
}
