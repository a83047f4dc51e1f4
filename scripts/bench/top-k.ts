import { quantile } from 'd3';
import { chooseBandwidth, type KernelName, type Points, topKShares } from '../../density/index.js';
import { realEmbeddings } from './real-embeddings.js';
import { type BenchRow, summarise } from './row.js';
import { openReal, spread } from './stratified.js';

const POINTS = 1_000_000;
const KERNELS: readonly KernelName[] = ['exponential', 'vmf'];
const EFFECTIVE_SAMPLES = 100;
const BANDWIDTH_SAMPLE = 64;
const TOP = 0.02;
/** What top-k attention to under 2 % of the context keeps of a model's performance (Synk et al. 2025). */
const KEPT = 0.95;
const GOAL_BOUND = 0.005;

/** How much of each query's exact density the nearest 2 % of the points hold, with the LMD3 kernel and attention's weights. */
export async function benchTopK(): Promise<BenchRow[]> {
  const real = await realEmbeddings(POINTS);
  const points = openReal(real);
  try {
    const rows: BenchRow[] = [];
    for (const kernel of KERNELS) {
      const { bandwidth } = await chooseBandwidth(spread(real, BANDWIDTH_SAMPLE), [points], {
        ...{ kernel, effectiveSamples: EFFECTIVE_SAMPLES },
      });
      rows.push(await topRow(kernel, bandwidth, real.queries, points, real.note));
    }
    return rows;
  } finally {
    points.reader.close();
  }
}

async function topRow(
  kernel: KernelName,
  bandwidth: number,
  queries: Float32Array,
  points: Points,
  note: string,
): Promise<BenchRow> {
  const start = performance.now();
  const [found] = await topKShares(queries, [points], { kernels: [kernel], bandwidths: [bandwidth] });
  const seconds = (performance.now() - start) / 1000;
  const sharesAt = (top: number) =>
    found!.queries.map(({ shares }) => shares.find((one) => one.top === top)!);
  const atTop = sharesAt(TOP);
  const { median } = summarise(atTop.map(({ share }) => share));
  const widths = found!.queries.map(({ shares }) => Math.max(...shares.map(({ low, high }) => high - low)));
  const [width, widest] = [quantile(widths, 0.99)!, Math.max(...widths)];
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const smaller = [1, 10, 100, 0.01].map((top) => {
    const { median: held } = summarise(sharesAt(top).map(({ share }) => share));
    return `${top < 1 ? `${100 * top} %` : top}: ${percent(held)}`;
  });
  const half = summarise(found!.queries.map(({ half: { k } }) => k)).median;
  const ends = [0.05, 0.95].map((p) => 100 * quantile(atTop, p, ({ share }) => share)!);
  return {
    name: `topk_share_2pct${kernel === 'exponential' ? '' : `_${kernel}`}`,
    value: 100 * median,
    unit: '%',
    range: [ends[0]!, ends[1]!],
    against: `the whole exact density; top-k attention to under 2 % of the context keeps over ${percent(KEPT)} of performance`,
    ratio: null,
    goal: `bounds < ${GOAL_BOUND} apart for 99 % of queries`,
    met: width < GOAL_BOUND,
    note: `median query, range 5 % to 95 % of them; medians of the nearest ${smaller.join(', ')}; half of the density is in ${half} points; bounds of shares ${width.toPrecision(2)} apart at the 99th percentile, ${widest.toPrecision(2)} at most; ${kernel}, h = ${bandwidth} (${EFFECTIVE_SAMPLES} effective samples), ${seconds.toFixed(1)} s; ${note}`,
  };
}
