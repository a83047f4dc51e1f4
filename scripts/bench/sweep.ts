import { ESTIMATORS, type Points, sweep } from '../../density/index.js';
import { type BenchRow, summarise } from './row.js';

const RUNS = 5;
const GOAL = 2.5;
const KERNELS = ['exponential', 'gaussian'] as const;
/** 16 bandwidths from 0.03 to 0.3, evenly spaced in log. */
const BANDWIDTHS = Array.from({ length: 16 }, (_, i) => 0.03 * 10 ** (i / 15));

/** A sweep over 16 bandwidths and 2 kernels against one exact pass at one bandwidth, taking turns. */
export async function benchSweep(queries: Float32Array, stored: Points): Promise<BenchRow> {
  const { dims } = stored.reader;
  const works = {
    one: () =>
      ESTIMATORS.exact(queries, [stored], {
        kernel: 'exponential',
        bandwidth: 0.1,
        attribution: false,
      }),
    all: () => sweep(queries, [stored], { kernels: KERNELS, bandwidths: BANDWIDTHS }),
  };
  const times = { one: [] as number[], all: [] as number[] };
  await works.one();
  await works.all();
  for (let run = 0; run < RUNS; run++) {
    for (const name of ['one', 'all'] as const) {
      const start = performance.now();
      await works[name]();
      times[name].push(performance.now() - start);
    }
  }
  const [one, all] = [summarise(times.one), summarise(times.all)];
  const ratio = all.median / one.median;
  return {
    name: 'sweep16_vs_one',
    value: all.median,
    unit: 'ms',
    range: all.range,
    against: `one exact pass at one bandwidth, densities alone, ${one.median.toFixed(0)} ms`,
    ratio,
    goal: `<= ${GOAL}x`,
    met: ratio <= GOAL,
    note: `${BANDWIDTHS.length} bandwidths × ${KERNELS.length} kernels, with effective sample sizes and error bounds; ${queries.length / dims} queries × ${stored.documentOfRow.length} points of ${dims} dims`,
  };
}
