import { type BandwidthChoice, bandwidthChoice, chooseEstimator, measure } from '../../density/index.js';
import {
  listCorpora,
  type Measurement,
  type OnProgress,
  querySetByName,
  type Study,
} from '../../store/index.js';
import { type MeasurementRequest, measurementRequestSchema } from '../schemas/jobs.js';

/**
 * Measures the density of corpora at every query of a set and keeps it in the study.
 *
 * @throws UsageError, DataError as `measure` does
 */
export async function measureJob(study: Study, given: unknown, onProgress: OnProgress): Promise<Measurement> {
  const request = measurementRequestSchema.parse(given);
  const { name, querySet, kernel, neighbours, seed, sweep, curve } = request;
  const fingerprint = querySetByName(study.db, querySet)?.fingerprint;
  const comparable = listCorpora(study.db)
    .filter((one) => one.fingerprint === fingerprint && one.chunks > 0 && one.role !== 'intervention')
    .map((one) => one.name);
  return measure(study, {
    ...{ name, querySet, kernel, neighbours, documents: neighbours, seed, onProgress },
    corpora: request.corpora ?? comparable,
    curve: sweep ? 'around' : curve,
    bandwidth: bandwidthOf(request),
    estimator: chooseEstimator(request.estimator, {
      relativeError: request.relativeError,
      budget: request.budget,
    }),
  });
}

function bandwidthOf({ bandwidth, effectiveSamples }: MeasurementRequest): BandwidthChoice {
  return bandwidthChoice(bandwidth, effectiveSamples);
}
