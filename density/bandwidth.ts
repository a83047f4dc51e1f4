import { type Kernel, type KernelName, kernelNamed } from './kernels.js';
import { type Points, tilesOf } from './points.js';
import { openTileKernel } from './tile-kernel.js';

/** A bandwidth with the rule that chose it, in words. */
export interface ChosenBandwidth {
  bandwidth: number;
  rule: string;
}

const TILE_ROWS = 2048;
const BINS = 4096;
/** The largest distance on the unit sphere. */
const DIAMETER = 2;
const SMALLEST = 1e-3;
const LARGEST = 10;

/**
 * The bandwidth at which the median query's effective number of supporting points, (Σk)²/Σk², reaches a target.
 *
 * All points are looked at once; each query's distances are kept as a histogram of 4,096 bins, from which the sums
 * follow at any bandwidth.
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
  const n = points.reduce((sum, { documentOfRow }) => sum + documentOfRow.length, 0);
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

/** (Σk)²/Σk² of the median histogram at bandwidth h. */
function medianEffectiveSamples(histograms: readonly Float64Array[], kernel: Kernel, h: number): number {
  const sizes = histograms.map((counts) => effectiveSamples(counts, kernel, h)).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)]!;
}

function effectiveSamples(counts: Float64Array, kernel: Kernel, h: number): number {
  const nearest = kernel.log(middleOf(counts.findIndex((count) => count > 0)), h);
  let sum = 0;
  let squares = 0;
  counts.forEach((count, bin) => {
    const k = Math.exp(kernel.log(middleOf(bin), h) - nearest);
    sum += count * k;
    squares += count * k * k;
  });
  return sum ** 2 / squares;
}

function middleOf(bin: number): number {
  return ((bin + 0.5) * DIAMETER) / BINS;
}

async function distanceHistograms(sample: Float32Array, points: readonly Points[]): Promise<Float64Array[]> {
  const { dims } = points[0]!.reader;
  // The log of the exponential kernel at bandwidth 1 is the distance, negative.
  const tileKernel = await openTileKernel(kernelNamed('exponential'), 1, dims);
  const queries = tileKernel.prepare(sample);
  const histograms = Array.from({ length: queries.count }, () => new Float64Array(BINS));
  for (const tile of tilesOf(points, TILE_ROWS)) {
    const { logs, stride } = await tileKernel.run(queries, tile.padded);
    for (const [q, histogram] of histograms.entries()) {
      for (let column = 0; column < tile.rows; column++) {
        const distance = -logs[q * stride + column]!;
        histogram[Math.min(BINS - 1, Math.floor((distance * BINS) / DIAMETER))]! += 1;
      }
    }
  }
  return histograms;
}
