import {
  assignmentsOf,
  corpusByName,
  DataError,
  densitiesOf,
  documentCount,
  interventionNamed,
  lossesOf,
  type Measurement,
  measurementNamed,
  metricsOf,
  queriesOf,
  type Study,
} from '../../store/index.js';
import { analyseIntervention, type TreatedQuery } from './analyse.js';
import type { InterventionResult } from './result.js';

/** The measurement and the runs before and after. */
export interface InterventionRuns {
  intervention: string;
  before: Measurement;
  /** The name of the measurement after; the intervention's own unless told. */
  after?: string;
  run: string;
  treatedRun: string;
}

/**
 * Analyses an intervention from the catalogue: its assignments, densities before and after at one bandwidth, and the outcomes of the runs.
 *
 * @throws UsageError for an intervention that is not there
 * @throws DataError where densities or outcomes are missing
 */
export function interventionResult({ db }: Study, options: InterventionRuns): InterventionResult {
  const { before, run, treatedRun } = options;
  const intervention = interventionNamed(db, options.intervention);
  const after = measurementNamed(db, options.after ?? intervention.name, before.kernel);
  if (!after)
    throw new DataError(`The densities after intervention "${intervention.name}" were not measured.`);
  const densities = [densitiesOf(db, before.id), densitiesOf(db, after.id)] as const;
  const losses = [lossesOf(db, run), lossesOf(db, treatedRun)] as const;
  const correct = [run, treatedRun].map((name) =>
    metricsOf(db, name, intervention.querySetId).get('correct'),
  );
  const queryOf = new Map(queriesOf(db, intervention.querySetId).map((query) => [query.id, query]));
  const treated = assignmentsOf(db, intervention.name).map(
    ({ queryId: id, arm, dose, block }): TreatedQuery => {
      const { document, key } = queryOf.get(id)!;
      const of = <T>(values: ReadonlyMap<number, T>, what: string): T => {
        const value = values.get(id);
        if (value === undefined) throw new DataError(`Query ${JSON.stringify(key)} has no ${what}.`);
        return value;
      };
      return {
        ...{ id, arm, dose, block, document },
        densityBefore: of(densities[0], 'density before').log10Density,
        densityAfter: of(densities[1], 'density after').log10Density,
        lossBefore: of(losses[0], `loss by run "${run}"`),
        lossAfter: of(losses[1], `loss by run "${treatedRun}"`),
        ...{ correctBefore: correct[0]?.get(id), correctAfter: correct[1]?.get(id) },
      };
    },
  );
  const corpus = corpusByName(db, intervention.name);
  return {
    ...analyseIntervention(intervention.name, treated, intervention),
    ...{ run, treatedRun, leakedTexts: corpus ? documentCount(db, corpus.id) : 0 },
  };
}
