import { quantileSorted } from 'd3';
import {
  type DensityEstimate,
  ESTIMATORS,
  int8Density,
  integerForm,
  type Points,
} from '../../density/index.js';
import { type BenchRow, summarise } from './row.js';

const RUNS = 5;
const BANDWIDTH = 0.1;
const FASTER = 1.8;
const LARGEST_ERROR = 1e-3;
const SEEDS = [1, 2, 3, 4, 5];
const KERNEL = 'exponential';

/** The int8 form of the exact density against fp32, taking turns, and its errors over several roundings. */
export async function benchInt8(queries: Float32Array, stored: Points): Promise<BenchRow[]> {
  return [await speed(queries, stored), await errors(queries, stored)];
}

async function speed(queries: Float32Array, stored: Points): Promise<BenchRow> {
  const options = { kernel: KERNEL, bandwidth: BANDWIDTH, attribution: false } as const;
  const works = {
    fp32: () => ESTIMATORS.exact(queries, [stored], options),
    int8: () => int8Density(queries, [stored], options),
  };
  const times = { fp32: [] as number[], int8: [] as number[] };
  // The first runs of workers are slow, and the first of int8 makes the file.
  for (let warmUp = 0; warmUp < 3; warmUp++) {
    await works.fp32();
    await works.int8();
  }
  for (let run = 0; run < RUNS; run++) {
    for (const name of ['fp32', 'int8'] as const) {
      const start = performance.now();
      await works[name]();
      times[name].push(performance.now() - start);
    }
  }
  const [fp32, int8] = [summarise(times.fp32), summarise(times.int8)];
  const ratio = fp32.median / int8.median;
  return {
    name: 'exact_int8_vs_fp32',
    value: int8.median,
    unit: 'ms',
    range: int8.range,
    against: `exact fp32, densities alone, ${fp32.median.toFixed(0)} ms`,
    ratio,
    goal: `>= ${FASTER}x`,
    met: ratio >= FASTER,
    note: `${sizeOf(queries, stored)}; ${KERNEL}, h = ${BANDWIDTH}; the points were quantised before, once; ${await formOfMachine()}`,
  };
}

async function errors(queries: Float32Array, points: Points): Promise<BenchRow> {
  const options = { kernel: KERNEL, bandwidth: BANDWIDTH } as const;
  const exact = await ESTIMATORS.exact(queries, [points], options);
  const runs: DensityEstimate[][] = [];
  for (const seed of SEEDS) runs.push(await int8Density(queries, [points], { ...options, seed }));
  const quantiles = runs.map((estimates) => {
    const errorsOf = estimates.map(({ logDensity }, q) => {
      return Math.abs(Math.expm1(logDensity - exact[q]!.logDensity));
    });
    return quantileSorted(
      errorsOf.sort((a, b) => a - b),
      0.99,
    )!;
  });
  const covered = runs.flat().filter(({ interval: [low, high] }, i) => {
    const { logDensity } = exact[i % exact.length]!;
    return low <= logDensity && logDensity <= high;
  });
  const effective = summarise(exact.map(({ effectiveSamples }) => effectiveSamples)).median;
  const { median, range } = summarise(quantiles);
  return {
    name: 'exact_int8_relerr_p99',
    value: median,
    unit: 'of f',
    range,
    against: `exact fp32; the 95 % intervals cover it in ${((100 * covered.length) / runs.flat().length).toFixed(1)} %`,
    ratio: null,
    goal: `<= ${LARGEST_ERROR}`,
    met: median <= LARGEST_ERROR,
    note: `99th percentile over queries, median of ${SEEDS.length} seeds; median effective sample size ${effective.toFixed(0)}; ${sizeOf(queries, points)}; ${KERNEL}, h = ${BANDWIDTH}; ${await formOfMachine()}`,
  };
}

async function formOfMachine(): Promise<string> {
  const { bits } = await integerForm();
  const why = bits === 8 ? 'multiplies bytes exactly' : 'saturates with 8';
  return `${bits}-bit queries by 8-bit points, as this machine ${why}`;
}

function sizeOf(queries: Float32Array, { documentOfRow, reader: { dims } }: Points): string {
  return `${queries.length / dims} queries × ${documentOfRow.length} points of ${dims} dims`;
}
