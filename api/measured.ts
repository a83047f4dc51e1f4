import { listMeasurements, type Measurement, type Study } from '../store/index.js';
import { notFound } from './problem.js';

/**
 * The measurement of that id; without an id the first one of the query set (or of all).
 *
 * @throws Problem (404) where there is no measurement of that id
 */
export function chooseMeasurement(study: Study, id?: number, querySetId?: number): Measurement | null {
  const measurements = listMeasurements(study.db);
  if (id === undefined) {
    return measurements.find((one) => querySetId === undefined || one.querySetId === querySetId) ?? null;
  }
  const found = measurements.find((one) => one.id === id);
  if (found) return found;
  throw notFound(
    'measurement',
    String(id),
    `There are: ${measurements.map((one) => one.id).join(', ') || 'none'}.`,
  );
}
