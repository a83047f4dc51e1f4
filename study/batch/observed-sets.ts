import { listMeasurements, querySetNamed, type Study } from '../../store/index.js';
import type { ObservedSet } from './fit-run.js';
import { observedOf } from './observed.js';

/**
 * The query sets of those names, each with the densities that the measurement of that name has of it, by kernel.
 *
 * @throws UsageError for a query set that is not there
 */
export function observedSets(
  study: Study,
  names: readonly string[],
  measurement: string,
  groupBy: 'document' | 'source',
): ObservedSet[] {
  const measurements = listMeasurements(study.db).filter(({ name }) => name === measurement);
  return names.map((name) => {
    const { id } = querySetNamed(study.db, name);
    const own = measurements.filter(({ querySetId }) => querySetId === id);
    return { id, name, densities: own.map((one) => observedOf(study, one, groupBy)) };
  });
}
