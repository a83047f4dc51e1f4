import {
  type Measurement,
  queriesOf,
  querySetNamed,
  readQueryVectors,
  replaceMeasurement,
  type Study,
} from '../store/index.js';
import { bandwidthBy } from './bandwidth-choice.js';
import { exactDensity } from './exact.js';
import type { KernelName } from './kernels.js';
import { measuredQuery } from './measured-query.js';
import { countPoints, openPoints } from './points.js';
import { projectPoints } from './projected-points.js';

/** What to measure behind a random projection. */
export interface MeasureProjectedOptions {
  name: string;
  querySet: string;
  corpora: readonly string[];
  kernel: KernelName;
  effectiveSamples: number;
  /** Of the projection. */
  dims: number;
  seed: number;
}

/**
 * Measures the exact density of the corpora at every query after one random projection of all vectors to a few dims, and stores it in the
 * catalogue, without shares and neighbours.
 *
 * @throws UsageError for a query set or corpus that is not there
 * @throws DataError where the corpora and the queries were embedded by different embedders
 */
export async function measureProjected(study: Study, options: MeasureProjectedOptions): Promise<Measurement> {
  const { name, kernel, corpora, dims, effectiveSamples, seed } = options;
  const set = querySetNamed(study.db, options.querySet);
  const queries = queriesOf(study.db, set.id);
  const points = openPoints(study, corpora, set);
  try {
    const projection = projectPoints(points, dims, seed);
    const vectors = projection.project(readQueryVectors(study, set.name, queries.length));
    const task = { kernel, seed };
    const { bandwidth, rule } = await bandwidthBy({ effectiveSamples }, vectors, projection.points, task);
    const estimates = await exactDensity(vectors, projection.points, {
      kernel,
      bandwidth,
      attribution: false,
    });
    const among = { points: countPoints(points), dims };
    return replaceMeasurement(
      study.db,
      {
        ...{ name, querySetId: set.id, corpora: [...corpora], kernel, bandwidth, seed, points: among.points },
        bandwidthRule: `${rule}, after a random projection from ${set.dims} to ${dims} dims`,
        ...{ estimator: 'exact', estimatorRule: 'given', relativeError: null, budget: null },
      },
      queries.map(({ id }, q) => measuredQuery(id, estimates[q]!, [], among)),
    );
  } finally {
    for (const { reader } of points) reader.close();
  }
}
