import { mean, median, randomLcg } from 'd3';
import { DataError } from '../store/index.js';
import type { ChosenBandwidth } from './bandwidth.js';
import { APART, FIRST_APART } from './distance-bins.js';
import { countDistances, type DistanceHistogram } from './distance-histograms.js';
import { sumOverHistogram, tabulate } from './histogram-density.js';
import { type KernelName, kernelNamed } from './kernels.js';
import { logSumExp } from './mixture.js';
import { logMeanOverSphere } from './normalising.js';
import { countPoints, type Points } from './points.js';

/** How a bandwidth is chosen by likelihood. */
export interface LikelihoodOptions {
  kernel: KernelName;
  /** Training points that the likelihood is taken over. */
  sample: number;
  /** Draws them; the same seed draws the same. */
  seed: number;
}

/** A bandwidth chosen by likelihood. */
export interface LikeliestBandwidth extends ChosenBandwidth {
  /** Mean log density of the sample, each point left out of its own density, in nats above that of uniform points on the sphere. */
  logLikelihood: number;
  /** Effective number of other points, (Σk)²/Σk², that the median point of the sample rests on. */
  effectiveSamples: number;
}

/** Where the median point rests on fewer others than this, near copies may rule the bandwidth; data without them gave 2 to 4. */
const FEW = 1.5;
const SMALLEST = 1e-3;
const LARGEST = 10;
/** Steps of the grid and of the refinement, in log h. */
const STEP = 0.1;
const PRECISE = 1e-4;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The bandwidth at which a sample of training points is likeliest, each under the density of all other points: leave-one-out
 * cross-validation (Habbema, Hermans & van den Broek 1974; on the sphere Hall, Watson & Cabrera 1987).
 *
 * The density of the rest of the project is not normalised, and its kernels only grow with h: their likelihood would be
 * largest at h = ∞. Here each kernel is divided by its mean over the sphere at that h, see `logMeanOverSphere`: the constant of
 * the unit sphere, for all kernels, and not that of R^dims. Copies of a point, nearer than 0.0028, are left out with it,
 * for else h = 0 would be likeliest.
 *
 * In hundreds of dims a few near copies are worth hundreds of nats each and pull h to their own distances (the real
 * embeddings tried: h = 0.03 with vmf, where `chooseBandwidth` with 100 effective samples says 0.25). Drop near-duplicates first,
 * and read the result beside that rule's; where a point in the middle rests on fewer than 1.5 others, the rule says so.
 *
 * Distances are counted once; the likelihood follows from the histograms at every h, on a grid first and by golden sections
 * around its best.
 *
 * @throws RangeError for a sample below 1
 * @throws DataError for fewer than two points, or points that are all copies of one
 */
export async function chooseBandwidthByLikelihood(
  points: readonly Points[],
  options: LikelihoodOptions,
): Promise<LikeliestBandwidth> {
  const kernel = kernelNamed(options.kernel);
  const { dims } = points[0]!.reader;
  const others = (await histogramsOfOthers(points, options)).filter(({ count }) => count > 0);
  if (others.length === 0) {
    throw new DataError('A likelihood needs points that are not all copies of each other.');
  }
  const sumsAt = (h: number) => {
    const table = tabulate(kernel, h);
    return others.map(({ count, histograms }) => {
      const sums = histograms.map((one) => sumOverHistogram(one, table));
      const log = logSumExp(sums.map(({ logSum }) => logSum));
      const squares = logSumExp(sums.map(({ logSquares }) => logSquares));
      return { logMean: log - Math.log(count), effectiveSamples: Math.exp(2 * log - squares) };
    });
  };
  const likelihood = (logH: number) => {
    const h = Math.exp(logH);
    return mean(sumsAt(h), ({ logMean }) => logMean)! - logMeanOverSphere(kernel, h, dims);
  };
  const steps = Math.ceil(Math.log(LARGEST / SMALLEST) / STEP);
  const grid = Array.from({ length: steps + 1 }, (_, i) => Math.log(SMALLEST) + i * STEP);
  const onGrid = grid.map(likelihood);
  const best = onGrid.indexOf(Math.max(...onGrid));
  const found = refined(likelihood, grid[best]! - STEP, grid[best]! + STEP);
  const bandwidth = Number(Math.exp(found).toPrecision(4));
  const atEdge = best === 0 || best === grid.length - 1 ? `, at the edge of the bandwidths tried` : '';
  const effectiveSamples = median(sumsAt(bandwidth), (one) => one.effectiveSamples)!;
  const caveat =
    effectiveSamples < FEW
      ? `; near copies may rule it, for the median one rests on ${effectiveSamples.toFixed(1)} others`
      : '';
  return {
    bandwidth,
    logLikelihood: likelihood(Math.log(bandwidth)),
    effectiveSamples,
    rule: `likelihood: ${others.length} training points are likeliest under the other points, normalised on the sphere${atEdge}${caveat}`,
  };
}

/** The largest value of a function with one peak between `low` and `high`, by golden sections. */
function refined(value: (x: number) => number, low: number, high: number): number {
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [value(left), value(right)];
  while (high - low > PRECISE) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = value(right);
    }
  }
  return (low + high) / 2;
}

/** For points of a sample, their distances to all others that are no copies, and how many those are. */
async function histogramsOfOthers(
  points: readonly Points[],
  { sample, seed }: LikelihoodOptions,
): Promise<{ count: number; histograms: DistanceHistogram[] }[]> {
  const vectors = drawPoints(points, sample, seed);
  const found = Array.from({ length: vectors.length / points[0]!.reader.dims }, () => {
    return { count: 0, histograms: [] as DistanceHistogram[] };
  });
  for (const corpus of points) {
    await countDistances(vectors, corpus, {}, (q, histogram) => {
      const others = withoutCopies(histogram);
      const count = others.counts.reduce((sum, here) => sum + here, others.nearest.length);
      if (count === 0) return;
      found[q]!.count += count;
      found[q]!.histograms.push(others);
    });
  }
  return found;
}

function withoutCopies({ nearest, bins, counts }: DistanceHistogram): DistanceHistogram {
  const copies = bins.findIndex((bin) => bin >= FIRST_APART);
  const from = copies < 0 ? bins.length : copies;
  return {
    nearest: nearest.filter((r) => r >= APART),
    bins: bins.subarray(from),
    counts: counts.subarray(from),
  };
}

/** Different rows of all corpora together, `(rows, dims)`. */
function drawPoints(points: readonly Points[], sample: number, seed: number): Float32Array {
  const n = countPoints(points);
  if (!(sample >= 1)) throw new RangeError(`A likelihood needs a sample of at least 1, not ${sample}.`);
  if (n < 2) throw new DataError(`A likelihood needs at least two points: there is ${n}.`);
  const random = randomLcg(seed);
  const drawn = new Set<number>();
  // Floyd's draw without replacement (Bentley & Floyd 1987).
  for (let last = Math.max(0, n - Math.floor(sample)); last < n; last++) {
    const row = Math.floor(random() * (last + 1));
    drawn.add(drawn.has(row) ? last : row);
  }
  const { dims } = points[0]!.reader;
  const rows = [...drawn].sort((a, b) => a - b);
  const vectors = new Float32Array(rows.length * dims);
  let [corpus, before] = [0, 0];
  rows.forEach((row, i) => {
    while (row - before >= points[corpus]!.documentOfRow.length) {
      before += points[corpus++]!.documentOfRow.length;
    }
    points[corpus]!.reader.read(row - before, 1, vectors.subarray(i * dims, (i + 1) * dims));
  });
  return vectors;
}
