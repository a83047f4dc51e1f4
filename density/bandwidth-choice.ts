import { randomLcg, shuffler } from 'd3';
import { UsageError } from '../store/index.js';
import { type ChosenBandwidth, chooseBandwidth } from './bandwidth.js';
import type { KernelName } from './kernels.js';
import { chooseBandwidthByLikelihood } from './likelihood.js';
import { countPoints, type Points } from './points.js';

/**
 * How to come by a bandwidth: a number, the effective sample size that the median query is to rest on, or the likelihood
 * of the training points themselves.
 */
export type BandwidthChoice =
  | { value: number; rule: string }
  | { effectiveSamples: number }
  | { likelihood: true };

/** A number, or the word for a rule: `auto` is by effective samples. */
export type GivenBandwidth = number | 'auto' | 'likelihood';

/** What a bandwidth given as a number or a word asks for. */
export function bandwidthChoice(given: GivenBandwidth, effectiveSamples: number): BandwidthChoice {
  if (given === 'auto') return { effectiveSamples };
  return given === 'likelihood' ? { likelihood: true } : { value: given, rule: 'given' };
}

/** What a bandwidth is chosen for. */
export interface BandwidthTask {
  kernel: KernelName;
  /** Draws the sample. */
  seed: number;
}

/** Queries that an automatic bandwidth is chosen on. */
const QUERY_SAMPLE = 64;
/** Training points whose likelihood is taken. */
const LIKELIHOOD_SAMPLE = 500;
/**
 * Takes or finds a bandwidth, with the rule that chose it in words.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @throws UsageError for an effective sample size that the points do not allow
 * @throws DataError where points have no likelihood
 */
export async function bandwidthBy(
  choice: BandwidthChoice,
  queries: Float32Array,
  points: readonly Points[],
  { kernel, seed }: BandwidthTask,
): Promise<ChosenBandwidth> {
  if ('value' in choice) return { bandwidth: choice.value, rule: choice.rule };
  if ('likelihood' in choice) {
    return chooseBandwidthByLikelihood(points, { kernel, sample: LIKELIHOOD_SAMPLE, seed });
  }
  const { effectiveSamples } = choice;
  const n = countPoints(points);
  if (!(effectiveSamples >= 1 && effectiveSamples < n)) {
    throw new UsageError(
      `The median query cannot rest on ${effectiveSamples} effective samples of ${n} points: ask for at least 1 and fewer than there are, or give a bandwidth.`,
    );
  }
  const sample = sampleRows(queries, points[0]!.reader.dims, QUERY_SAMPLE, seed);
  return chooseBandwidth(sample, points, { kernel, effectiveSamples });
}

function sampleRows(vectors: Float32Array, dims: number, count: number, seed: number): Float32Array {
  const rows = Array.from({ length: vectors.length / dims }, (_, row) => row);
  const drawn = shuffler(randomLcg(seed))(rows).slice(0, count);
  const sample = new Float32Array(drawn.length * dims);
  drawn.forEach((row, i) => {
    sample.set(vectors.subarray(row * dims, (row + 1) * dims), i * dims);
  });
  return sample;
}
