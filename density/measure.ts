import {
  type Measurement,
  type OnProgress,
  queriesOf,
  querySetNamed,
  readQueryVectors,
  replaceMeasurement,
  replaceTopShares,
  type Study,
  UsageError,
} from '../store/index.js';
import { type BandwidthChoice, bandwidthBy } from './bandwidth-choice.js';
import { bandwidthCurves, bandwidthsAround } from './bandwidth-curve.js';
import { type EstimatorChoice, estimateBy, type UsedEstimator } from './estimator-choice.js';
import { KERNEL_NAMES, type KernelName } from './kernels.js';
import { measureLaplacian } from './measure-laplacian.js';
import { measuredQuery } from './measured-query.js';
import { countPoints, openPoints, type Points } from './points.js';
import { topKShares } from './top-k.js';

/** The kernels that a query set can be measured with: the radial ones, and the L1 one that is for comparison. */
export const MEASURED_KERNELS = [...KERNEL_NAMES, 'laplacian'] as const;
export type MeasuredKernel = (typeof MEASURED_KERNELS)[number];

const ONLY_EXACT: UsedEstimator = { name: 'exact', rule: 'the only one for this kernel' };

/** What to measure, and under which name the catalogue keeps it. */
export interface MeasureOptions {
  name: string;
  querySet: string;
  corpora: readonly string[];
  /** `laplacian` gives densities alone: no shares, neighbours, or curve, and no other estimator than exact. */
  kernel: MeasuredKernel;
  bandwidth: BandwidthChoice;
  /** Other bandwidths to know the density at too, or `around` for those of `bandwidthsAround`; none by default. */
  curve?: readonly number[] | 'around';
  estimator: EstimatorChoice;
  /** Nearest training texts, and documents, to keep for every query. */
  neighbours: number;
  documents: number;
  seed: number;
  onProgress?: OnProgress;
}

/**
 * Measures the density of the corpora at every query of a set and stores it in the catalogue.
 *
 * @throws UsageError for a query set or corpus that is not there, or no corpora
 * @throws DataError where the corpora and the queries were embedded by different embedders
 */
export async function measure(study: Study, options: MeasureOptions): Promise<Measurement> {
  const set = querySetNamed(study.db, options.querySet);
  if (options.corpora.length === 0) {
    throw new UsageError(
      `No corpus was embedded as query set "${set.name}" was: index one, or name corpora.`,
    );
  }
  const queries = queriesOf(study.db, set.id);
  const vectors = readQueryVectors(study, set.name, queries.length);
  const points = openPoints(study, options.corpora, set);
  try {
    const { kernel, seed } = options;
    const { bandwidth, rule, estimates, curves, tops, estimator } =
      kernel === 'laplacian'
        ? {
            ...(await measureLaplacian(options.bandwidth, vectors, points, options)),
            ...{ curves: [], tops: [], estimator: ONLY_EXACT },
          }
        : await measureRadial(kernel, vectors, points, options);
    const among = { points: countPoints(points), dims: set.dims };
    const measurement = replaceMeasurement(
      study.db,
      {
        name: options.name,
        querySetId: set.id,
        corpora: [...options.corpora],
        kernel,
        bandwidth,
        bandwidthRule: rule,
        estimator: estimator.name,
        estimatorRule: estimator.rule,
        relativeError: estimator.relativeError ?? null,
        budget: estimator.budget ?? null,
        seed,
        points: among.points,
      },
      queries.map(({ id }, q) => measuredQuery(id, estimates[q]!, curves[q] ?? [], among)),
    );
    replaceTopShares(
      study.db,
      measurement.id,
      tops.map(({ shares }, q) => ({ queryId: queries[q]!.id, shares })),
    );
    return measurement;
  } finally {
    for (const { reader } of points) reader.close();
  }
}

/** The bandwidth, the estimates, and where a curve is asked for also that and what the nearest points hold, of a radial kernel. */
async function measureRadial(
  kernel: KernelName,
  vectors: Float32Array,
  points: readonly Points[],
  {
    bandwidth: choice,
    estimator: chosen,
    curve = [],
    neighbours,
    documents,
    seed,
    onProgress,
  }: MeasureOptions,
) {
  const progress = onProgress && { onProgress };
  const { bandwidth, rule } = await bandwidthBy(choice, vectors, points, { kernel, seed });
  const { estimates, estimator } = await estimateBy(chosen, vectors, points, {
    ...{ kernel, bandwidth, neighbours, documents, seed },
    ...progress,
  });
  const bandwidths = curve === 'around' ? bandwidthsAround(bandwidth) : curve;
  if (bandwidths.length === 0) return { bandwidth, rule, estimates, curves: [], tops: [], estimator };
  const curves = await bandwidthCurves(vectors, points, { kernel, bandwidths, ...progress });
  const [top] = await topKShares(vectors, points, {
    kernels: [kernel],
    bandwidths: [bandwidth],
    ...progress,
  });
  return { bandwidth, rule, estimates, curves, tops: top!.queries, estimator };
}
