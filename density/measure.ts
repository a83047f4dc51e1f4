import {
  type Measurement,
  type OnProgress,
  queriesOf,
  querySetByName,
  readQueryVectors,
  replaceMeasurement,
  type Study,
  UsageError,
} from '../store/index.js';
import { type BandwidthChoice, bandwidthBy } from './bandwidth-choice.js';
import { bandwidthCurves, bandwidthsAround } from './bandwidth-curve.js';
import { type EstimatorChoice, estimateBy } from './estimator-choice.js';
import type { KernelName } from './kernels.js';
import { measuredQuery } from './measured-query.js';
import { countPoints, openPoints } from './points.js';

/** What to measure, and under which name the catalogue keeps it. */
export interface MeasureOptions {
  name: string;
  querySet: string;
  corpora: readonly string[];
  kernel: KernelName;
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
 * @throws UsageError for a query set or corpus that is not there
 * @throws DataError where the corpora and the queries were embedded by different embedders
 */
export async function measure(study: Study, options: MeasureOptions): Promise<Measurement> {
  const set = querySetByName(study.db, options.querySet);
  if (!set) throw new UsageError(`There is no query set "${options.querySet}" in ${study.dir}.`);
  const queries = queriesOf(study.db, set.id);
  const vectors = readQueryVectors(study, set.name, queries.length);
  const points = openPoints(study, options.corpora, set);
  try {
    const { kernel, estimator, curve = [], neighbours, documents, seed, onProgress } = options;
    const progress = onProgress && { onProgress };
    const { bandwidth, rule } = await bandwidthBy(options.bandwidth, vectors, points, { kernel, seed });
    const estimates = await estimateBy(estimator, vectors, points, {
      ...{ kernel, bandwidth, neighbours, documents, seed },
      ...progress,
    });
    const bandwidths = curve === 'around' ? bandwidthsAround(bandwidth) : curve;
    const curves =
      bandwidths.length > 0
        ? await bandwidthCurves(vectors, points, { kernel, bandwidths, ...progress })
        : [];
    const among = { points: countPoints(points), dims: set.dims };
    return replaceMeasurement(
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
  } finally {
    for (const { reader } of points) reader.close();
  }
}
