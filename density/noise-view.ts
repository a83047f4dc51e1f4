import { deviation, mean, quantile, randomUniform } from 'd3';
import type { OnProgress } from '../store/index.js';
import { ESTIMATORS } from './estimators.js';
import type { KernelName } from './kernels.js';
import type { Points } from './points.js';
import { seededUniform } from './seeded.js';

/** The noise, and the density that is to stand it. */
export interface NoiseOptions {
  kernel: KernelName;
  /** h, in units of distance on the unit sphere. */
  bandwidth: number;
  /** α; 5 by default, the smallest that NEFTune was tried with. */
  alpha?: number;
  /** Noisy copies of each query, at least 2; 20 by default. */
  draws?: number;
  /** An integer; the same seed draws the same noise, whatever α. */
  seed: number;
  onProgress?: OnProgress;
}

/** How far noise on a query's embedding moves its density; all in nats. */
export interface NoiseBand {
  /** log f without noise. */
  logDensity: number;
  /** Mean and standard deviation of log f over the draws, and their 5 % and 95 % quantiles. */
  mean: number;
  deviation: number;
  low: number;
  high: number;
}

/** NEFTune's α, unless another is given. */
export const NOISE_ALPHA = 5;
/** Draws for each query, unless told otherwise. */
export const NOISE_DRAWS = 20;
/** Vectors that one pass over the data is for: 64 MB at 512 dims, enough for 1,000 queries with 20 draws each. */
const PASS_VECTORS = 32_768;

/**
 * How stable each query's density is to its embedding: log f under uniform noise on the query, by repetition.
 *
 * NEFTune (Jain et al. 2023, arXiv 2310.05914) adds ε·α/√(L·d), ε ~ Uniform(−1, 1), to each component of a text's L token
 * embeddings of d dims. Here there is one pooled embedding a text: to each of its `dims` components ε·α/√(tokens·dims) is added,
 * independently, so that it moves by α/√(3·tokens), root mean square, as far as one token's embedding moves there. `tokens` enters
 * in no other way; the noise is not averaged over tokens once more. The sum is then put back on the unit sphere, where the
 * kernels are defined, which NEFTune has no need for: a long way for short texts, whose noise is as long as the embedding.
 *
 * One pass over the data is for all draws of all queries, up to 32,768 vectors; memory does not grow beyond those.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @param tokens of each query's text, at least 1
 * @returns one band a query, in order
 * @throws RangeError for tokens that are not one number a query and at least 1, an α below 0, or fewer than 2 draws
 */
export async function noiseBand(
  queries: Float32Array,
  tokens: Int32Array,
  points: readonly Points[],
  options: NoiseOptions,
): Promise<NoiseBand[]> {
  const { kernel, bandwidth, alpha = NOISE_ALPHA, draws = NOISE_DRAWS, seed, onProgress } = options;
  const { dims } = points[0]!.reader;
  checkNoise(queries.length / dims, tokens, alpha, draws);
  const random = randomUniform.source(seededUniform(seed))(-1, 1);
  const copies = draws + 1;
  const queriesAPass = Math.max(1, Math.floor(PASS_VECTORS / copies));
  const bands: NoiseBand[] = [];
  for (let first = 0; first < tokens.length; first += queriesAPass) {
    const some = tokens.subarray(first, first + queriesAPass);
    const vectors = new Float32Array(some.length * copies * dims);
    some.forEach((count, q) => {
      const query = queries.subarray((first + q) * dims, (first + q + 1) * dims);
      const scale = alpha / Math.sqrt(count * dims);
      vectors.set(query, q * copies * dims);
      for (let draw = 1; draw < copies; draw++) {
        vectors.set(noisy(query, scale, random), (q * copies + draw) * dims);
      }
    });
    const estimates = await ESTIMATORS.exact(vectors, points, {
      ...{ kernel, bandwidth, attribution: false },
      ...(onProgress && { onProgress }),
    });
    const logs = Float64Array.from(estimates, ({ logDensity }) => logDensity);
    some.forEach((_, q) => {
      bands.push(bandOf(logs.subarray(q * copies, (q + 1) * copies)));
    });
  }
  return bands;
}

function checkNoise(queries: number, tokens: Int32Array, alpha: number, draws: number): void {
  if (queries !== tokens.length) {
    throw new RangeError(`There are tokens of ${tokens.length} queries for ${queries} of them.`);
  }
  const none = tokens.findIndex((count) => count < 1);
  if (none >= 0) throw new RangeError(`Query ${none} must have at least 1 token, not ${tokens[none]}.`);
  if (!(alpha >= 0 && Number.isFinite(alpha))) {
    throw new RangeError(`The noise's α must be a number of at least 0, not ${alpha}.`);
  }
  if (!(Number.isInteger(draws) && draws >= 2)) {
    throw new RangeError(`A band needs a whole number of draws, at least 2, not ${draws}.`);
  }
}

/** A unit vector near another. */
function noisy(vector: Float32Array, scale: number, random: () => number): Float32Array {
  const moved = vector.map((x) => x + scale * random());
  const norm = Math.sqrt(moved.reduce((sum, x) => sum + x * x, 0));
  return moved.map((x) => x / norm);
}

/** @param logs log f without noise, and then of each draw */
function bandOf(logs: Float64Array): NoiseBand {
  const draws = logs.subarray(1);
  return {
    logDensity: logs[0]!,
    mean: mean(draws)!,
    deviation: deviation(draws)!,
    low: quantile(draws, 0.05)!,
    high: quantile(draws, 0.95)!,
  };
}
