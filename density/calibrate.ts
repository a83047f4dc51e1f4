import { randomLcg, shuffler } from 'd3';
import {
  type Calibration,
  DataError,
  type OnProgress,
  replaceCalibration,
  type Study,
} from '../store/index.js';
import { chooseBandwidth } from './bandwidth.js';
import { log10Of } from './estimate.js';
import { exactDensity } from './exact.js';
import type { KernelName } from './kernels.js';
import { countPoints, openPoints, type Points } from './points.js';
import { withoutRows } from './without-rows.js';

/** What to calibrate. */
export interface CalibrateOptions {
  corpora: readonly string[];
  /** Of the embedder that all corpora must have. */
  fingerprint: string;
  kernel: KernelName;
  /** A number, or the effective sample size that the median sampled point is to rest on. */
  bandwidth: { value: number; rule: string } | { effectiveSamples: number };
  /** Training points to sample; at most half of them are. */
  sample: number;
  seed: number;
  onProgress?: OnProgress;
}

/** Points that an automatic bandwidth is chosen on. */
const BANDWIDTH_SAMPLE = 64;

/**
 * How dense the training data is where it is itself: a random sample of its points is taken out and its density in the
 * rest is measured, so that another density can be read as "denser than 93% of the training points".
 *
 * @throws UsageError for a corpus that is not there
 * @throws DataError where there are fewer than two points, or another embedder made them
 */
export async function calibrate(study: Study, options: CalibrateOptions): Promise<Calibration> {
  const { corpora, fingerprint, kernel, seed, onProgress } = options;
  const points = openPoints(study, corpora, { fingerprint });
  try {
    const n = countPoints(points);
    if (n < 2) throw new DataError(`${corpora.join(', ')}: one point cannot be compared with itself.`);
    const drawn = drawRows(n, Math.min(options.sample, Math.floor(n / 2)), seed);
    const { vectors, rest } = takeOut(points, drawn);
    const { dims } = points[0]!.reader;
    const { bandwidth, rule } =
      'value' in options.bandwidth
        ? { bandwidth: options.bandwidth.value, rule: options.bandwidth.rule }
        : await chooseBandwidth(vectors.subarray(0, BANDWIDTH_SAMPLE * dims), rest, {
            kernel,
            effectiveSamples: Math.min(
              options.bandwidth.effectiveSamples,
              Math.max(1, (n - drawn.length) / 2),
            ),
          });
    const estimates = await exactDensity(vectors, rest, {
      kernel,
      bandwidth,
      attribution: false,
      ...(onProgress && { onProgress }),
    });
    return replaceCalibration(study.db, {
      corpora: [...corpora],
      kernel,
      bandwidth,
      bandwidthRule: rule,
      points: countPoints(rest),
      log10Densities: estimates.map(({ logDensity }) => log10Of(logDensity)).sort((a, b) => a - b),
    });
  } finally {
    for (const { reader } of points) reader.close();
  }
}

/** Rows counted over all corpora, in random order. */
function drawRows(count: number, size: number, seed: number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  return shuffler(randomLcg(seed))(rows).slice(0, size);
}

/** The vectors of rows, in their order, and the points without them. */
function takeOut(
  points: readonly Points[],
  rows: readonly number[],
): { vectors: Float32Array; rest: Points[] } {
  const { dims } = points[0]!.reader;
  const vectors = new Float32Array(rows.length * dims);
  let firstRow = 0;
  const rest = points.map((one) => {
    const count = one.documentOfRow.length;
    const mine = rows.flatMap((row, i) =>
      row >= firstRow && row < firstRow + count ? [{ row: row - firstRow, i }] : [],
    );
    for (const { row, i } of mine) one.reader.read(row, 1, vectors.subarray(i * dims, (i + 1) * dims));
    firstRow += count;
    return withoutRows(
      one,
      mine.map(({ row }) => row).sort((a, b) => a - b),
    );
  });
  return { vectors, rest: rest.filter(({ documentOfRow }) => documentOfRow.length > 0) };
}
