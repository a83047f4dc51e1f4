import { chooseEstimator, type KernelName, measure } from '../../density/index.js';
import {
  interventionNamed,
  listInterventions,
  listMeasurements,
  listQuerySets,
  type Measurement,
  type OnProgress,
  type Study,
  UsageError,
} from '../../store/index.js';
import { interventionResult } from './intervention-result.js';
import type { InterventionResult } from './result.js';

/** What to analyse. */
export interface AnalyseRunsOptions {
  name: string;
  run: string;
  treatedRun: string;
  /** The measurement before; by default the newest of the query set that is not of an intervention. */
  measurement?: string | undefined;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/**
 * Measures the densities after an intervention, exactly and at the bandwidth of before, and analyses it.
 *
 * @throws UsageError for an intervention, measurement or run that is not there
 * @throws DataError where a query has no outcome
 */
export async function analyseRuns(study: Study, options: AnalyseRunsOptions): Promise<InterventionResult> {
  const { name, run, treatedRun, seed, onProgress } = options;
  const { querySetId } = interventionNamed(study.db, name);
  const before = measurementBefore(study, querySetId, options.measurement);
  const setName = listQuerySets(study.db).find(({ id }) => id === querySetId)!.name;
  await measure(study, {
    ...{ name, querySet: setName, corpora: [...before.corpora, name], seed },
    kernel: before.kernel as KernelName,
    bandwidth: { value: before.bandwidth, rule: `as in ${before.name}` },
    ...{ estimator: chooseEstimator('exact', {}), neighbours: 0, documents: 0 },
    ...(onProgress && { onProgress }),
  });
  return interventionResult(study, { intervention: name, before, run, treatedRun });
}

/**
 * The measurement of a query set with a name, or its newest that is of no intervention.
 *
 * @throws UsageError where there is none
 */
export function measurementBefore({ db }: Study, querySetId: number, name?: string): Measurement {
  const corpora = new Set(listInterventions(db).map((one) => one.name));
  const all = listMeasurements(db).filter(
    (one) => one.querySetId === querySetId && !one.corpora.some((corpus) => corpora.has(corpus)),
  );
  const found = all.filter((one) => name === undefined || one.name === name).at(-1);
  if (found) return found;
  const names = [...new Set(all.map((one) => one.name))].join(', ') || 'none';
  throw new UsageError(
    name === undefined
      ? 'The query set has not been measured: densimeter measure <set>.'
      : `There is no measurement "${name}" of the query set; there are: ${names}.`,
  );
}
