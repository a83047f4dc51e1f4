import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chooseBandwidth, ESTIMATORS } from '../../density/index.js';
import { type RealEmbeddings, realEmbeddings } from './real-embeddings.js';
import { type BenchRow, summarise } from './row.js';
import { openReal, spread } from './stratified.js';

const ROWS = [10_000, 100_000, 1_000_000];
const LARGE_ROWS = 10_000_000;
const EFFECTIVE_SAMPLES = 100;
const SAMPLE = 64;
const RUNS = 3;
const GOALS = { exact: 1.05, stratified: 0.6 };
const GOAL_GB = 1.5;

/** How time grows with the number of points, exactly and to a relative half-width of 5 %, and the memory that it takes. */
export async function benchGrowth(large: boolean): Promise<BenchRow[]> {
  const sizes = large ? [...ROWS, LARGE_ROWS] : ROWS;
  const million = await realEmbeddings(ROWS.at(-1)!);
  const points = openReal(million);
  const { bandwidth } = await chooseBandwidth(spread(million, SAMPLE), [points], {
    ...{ kernel: 'exponential', effectiveSamples: EFFECTIVE_SAMPLES },
  });
  points.reader.close();
  const found: Timed[] = [];
  for (const rows of sizes) found.push(await timeAt(await realEmbeddings(rows), bandwidth));
  return [
    ...(['exact', 'stratified'] as const).map((name) => slopeRow(name, found, bandwidth)),
    memoryRow(million, bandwidth),
    ...(large
      ? [{ ...memoryRow(await realEmbeddings(LARGE_ROWS), bandwidth), name: 'peak_rss_gb_1e7' }]
      : []),
  ];
}

type Timed = Awaited<ReturnType<typeof timeAt>>;

async function timeAt(real: RealEmbeddings, bandwidth: number) {
  const points = openReal(real);
  const times = { exact: [] as number[], stratified: [] as number[] };
  let touched = 0;
  for (let run = 0; run < RUNS; run++) {
    for (const name of ['exact', 'stratified'] as const) {
      const start = performance.now();
      const estimates = await ESTIMATORS[name](real.queries, [points], {
        ...{
          kernel: 'exponential',
          bandwidth,
          attribution: false,
          relativeError: 0.05,
          budget: 0.5,
          seed: run,
        },
      });
      times[name].push((performance.now() - start) / 1000);
      if (name === 'stratified') {
        touched +=
          (estimates.reduce((sum, one) => sum + one.touched, 0) / estimates.length / RUNS) * real.rows;
      }
    }
  }
  points.reader.close();
  return { rows: real.rows, touched, times, note: real.note };
}

function slopeRow(name: 'exact' | 'stratified', found: readonly Timed[], bandwidth: number): BenchRow {
  const points = found.map(
    ({ rows, times }) => [Math.log(rows), Math.log(summarise(times[name]).median)] as const,
  );
  const value = slope(points);
  const each = found.map(({ rows, times, touched }) => {
    const drawn =
      name === 'stratified' ? `, ${Math.round(touched).toLocaleString('en')} points touched a query` : '';
    return `${rows.toLocaleString('en')}: ${summarise(times[name]).median.toFixed(3)} s${drawn}`;
  });
  return {
    ...{ name: `slope_${name}`, value, unit: 'log s / log n', range: [value, value], ratio: null },
    ...{
      goal: `<= ${GOALS[name]}`,
      met: value <= GOALS[name],
      against: 'the number of points, by least squares',
    },
    note: `${each.join('; ')}; h = ${bandwidth}; ${found.at(-1)!.note}`,
  };
}

function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const products = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return products / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** The peak of a process that does nothing else, by the operating system. */
function memoryRow(real: RealEmbeddings, bandwidth: number): BenchRow {
  const program = fileURLToPath(new URL('./peak-memory.js', import.meta.url));
  const peaks = [1, 5].flatMap((times) =>
    (['exact', 'stratified'] as const).map((name) => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [program, name, String(real.rows), String(bandwidth), String(times)],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(`The memory of ${name} could not be measured: ${stderr}`);
      return { name, queries: (times * real.queries.length) / real.dims, gigabytes: Number(stdout) };
    }),
  );
  const value = Math.max(...peaks.map(({ gigabytes }) => gigabytes));
  return {
    ...{
      name: 'peak_rss_gb',
      value,
      unit: 'GB',
      ratio: null,
      goal: `<= ${GOAL_GB} GB`,
      met: value <= GOAL_GB,
    },
    range: [Math.min(...peaks.map(({ gigabytes }) => gigabytes)), value],
    against: 'nothing: the peak of a process of its own',
    note: `${peaks.map(({ name, queries, gigabytes }) => `${name}, ${queries} queries: ${gigabytes.toFixed(2)} GB`).join('; ')}; ${real.note}`,
  };
}
