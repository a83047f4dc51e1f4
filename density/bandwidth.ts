import { countDistances, type DistanceHistogram } from './distance-histograms.js';
import { sumOverHistogram, tabulate } from './histogram-density.js';
import { type Kernel, type KernelName, kernelNamed } from './kernels.js';
import { countPoints, type Points } from './points.js';

/** A bandwidth with the rule that chose it, in words. */
export interface ChosenBandwidth {
  bandwidth: number;
  rule: string;
}

const SMALLEST = 1e-3;
const LARGEST = 10;

/**
 * The bandwidth at which the median query's effective number of supporting points, (Σk)²/Σk², reaches a target.
 *
 * All points are looked at once; each query's distances are kept as a histogram, from which the sums follow at any
 * bandwidth.
 *
 * @param sample `(queries, dims)` row-major: the queries to choose it on
 * @throws RangeError where the target is not between 1 and the number of points
 */
export async function chooseBandwidth(
  sample: Float32Array,
  points: readonly Points[],
  options: { kernel: KernelName; effectiveSamples: number },
): Promise<ChosenBandwidth> {
  const { effectiveSamples: target } = options;
  const n = countPoints(points);
  if (!(target >= 1 && target < n)) {
    throw new RangeError(
      `The effective sample size must be at least 1 and below the ${n} points there are, not ${target}.`,
    );
  }
  const kernel = kernelNamed(options.kernel);
  const histograms = await distanceHistograms(sample, points);
  let [low, high] = [Math.log(SMALLEST), Math.log(LARGEST)];
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (medianEffectiveSamples(histograms, kernel, Math.exp(middle)) < target) low = middle;
    else high = middle;
  }
  const bandwidth = Number(Math.exp(high).toPrecision(4));
  return {
    bandwidth,
    rule: `auto: the median of ${histograms.length} queries rests on ${target} effective samples`,
  };
}

/** (Σk)²/Σk² of the median query at bandwidth h. */
function medianEffectiveSamples(
  histograms: readonly DistanceHistogram[][],
  kernel: Kernel,
  h: number,
): number {
  const table = tabulate(kernel, h);
  const sizes = histograms.map((corpora) => {
    const sums = corpora.map((one) => sumOverHistogram(one, table));
    const largest = Math.max(...sums.map(({ logSum }) => logSum));
    const sum = sums.reduce((total, { logSum }) => total + Math.exp(logSum - largest), 0);
    const squares = sums.reduce((total, { logSquares }) => total + Math.exp(logSquares - 2 * largest), 0);
    return sum ** 2 / squares;
  });
  return sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)]!;
}

/** A histogram of each corpus for each query. */
async function distanceHistograms(
  sample: Float32Array,
  points: readonly Points[],
): Promise<DistanceHistogram[][]> {
  const histograms: DistanceHistogram[][] = [];
  for (const corpus of points) {
    await countDistances(sample, corpus, {}, (query, histogram) => {
      histograms[query] ??= [];
      histograms[query].push(histogram);
    });
  }
  return histograms;
}
