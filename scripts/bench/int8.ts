import { quantileSorted } from 'd3';
import {
  chooseBandwidth,
  type DensityEstimate,
  ESTIMATORS,
  int8Density,
  integerForm,
  type Points,
} from '../../density/index.js';
import { type BenchRow, summarise } from './row.js';
import { spread } from './stratified.js';

const RUNS = 5;
/** A wide bandwidth, of which all points have a part, and that of the fewest effective samples that the errors are promised for. */
const WIDE_BANDWIDTH = 0.1;
const EFFECTIVE_SAMPLES = 100;
const BANDWIDTH_SAMPLE = 64;
const FASTER = 1.8;
const LARGEST_ERROR = 1e-3;
const SEEDS = [1, 2, 3, 4, 5];
const KERNEL = 'exponential';

/** The int8 form of the exact density against fp32, taking turns, and its errors over several roundings: the worse of two bandwidths. */
export async function benchInt8(queries: Float32Array, stored: Points): Promise<BenchRow[]> {
  const { dims } = stored.reader;
  const { bandwidth } = await chooseBandwidth(spread({ queries, dims }, BANDWIDTH_SAMPLE), [stored], {
    kernel: KERNEL,
    effectiveSamples: EFFECTIVE_SAMPLES,
  });
  const bandwidths = [WIDE_BANDWIDTH, bandwidth];
  const note = `${sizeOf(queries, stored)}; ${KERNEL}; ${await formOfMachine()}`;
  const timed = (attributed: boolean) => async (h: number) => await speed(queries, stored, h, attributed);
  return [
    speedRow('exact_int8_vs_fp32', await each(bandwidths, timed(false)), {
      ...{ goal: FASTER, what: 'densities alone', note },
    }),
    speedRow('exact_int8_attributed_vs_fp32', await each(bandwidths, timed(true)), {
      ...{ goal: 1, what: 'with shares, documents and 10 neighbours', note },
    }),
    errorRow(await each(bandwidths, async (h) => await errors(queries, stored, h)), note),
  ];
}

async function each<T>(bandwidths: readonly number[], of: (bandwidth: number) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const bandwidth of bandwidths) found.push(await of(bandwidth));
  return found;
}

async function speed(queries: Float32Array, stored: Points, bandwidth: number, attributed: boolean) {
  const options = attributed
    ? { kernel: KERNEL, bandwidth, neighbours: 10, documents: 10 }
    : { kernel: KERNEL, bandwidth, attribution: false };
  const works = {
    fp32: () => ESTIMATORS.exact(queries, [stored], { ...options, kernel: KERNEL }),
    int8: () => int8Density(queries, [stored], { ...options, kernel: KERNEL }),
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
  return { bandwidth, fp32, int8, ratio: fp32.median / int8.median };
}

function speedRow(
  name: string,
  found: readonly Awaited<ReturnType<typeof speed>>[],
  { goal, what, note }: { goal: number; what: string; note: string },
): BenchRow {
  const worst = found.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const ratios = found.map(({ bandwidth, ratio, fp32, int8 }) => {
    return `${ratio.toFixed(2)}x at h = ${bandwidth} (${fp32.median.toFixed(0)} to ${int8.median.toFixed(0)} ms)`;
  });
  return {
    ...{ name, value: worst.int8.median, unit: 'ms', range: worst.int8.range, ratio: worst.ratio },
    against: `exact fp32, ${what}, ${worst.fp32.median.toFixed(0)} ms`,
    ...{ goal: `>= ${goal}x`, met: worst.ratio >= goal },
    note: `${ratios.join(', ')}; the points were quantised before, once; ${note}`,
  };
}

async function errors(queries: Float32Array, points: Points, bandwidth: number) {
  const options = { kernel: KERNEL, bandwidth, attribution: false } as const;
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
  return { bandwidth, effective, covered: covered.length / runs.flat().length, ...summarise(quantiles) };
}

function errorRow(found: readonly Awaited<ReturnType<typeof errors>>[], note: string): BenchRow {
  const worst = found.reduce((a, b) => (b.median > a.median ? b : a));
  const all = found.map(({ bandwidth, effective, covered, median }) => {
    const coverage = `intervals cover ${(100 * covered).toFixed(1)} %`;
    return `${median.toExponential(1)} at h = ${bandwidth} (${effective.toFixed(0)} effective samples, ${coverage})`;
  });
  return {
    name: 'exact_int8_relerr_p99',
    ...{ value: worst.median, unit: 'of f', range: worst.range, ratio: null },
    against: 'exact fp32',
    ...{ goal: `<= ${LARGEST_ERROR}`, met: worst.median <= LARGEST_ERROR },
    note: `${all.join(', ')}; 99th percentile over queries, median of ${SEEDS.length} seeds; ${note}`,
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
