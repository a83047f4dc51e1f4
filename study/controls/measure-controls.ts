import {
  listMeasurements,
  type Measurement,
  nearestDistances,
  neighboursWithin,
  type OnProgress,
  queriesOf,
  querySetNamed,
  type Study,
  setControl,
} from '../../store/index.js';
import { corpusControls, lengthControls } from './query-controls.js';
import { indexCorpora } from './word-index.js';

/** Which controls are measured. */
export interface ControlsOptions {
  querySet: string;
  corpora: readonly string[];
  onProgress?: OnProgress | undefined;
}

/** What was measured. */
export interface MeasuredControls {
  /** Words of the corpora, and how many of them are distinct. */
  words: number;
  vocabulary: number;
  queries: number;
  /** Control → its values, in the order of the queries that have it. */
  controls: Record<string, number[]>;
  /** The measurement that `nearest_distance` is of; null where the corpora have not been measured at the queries. */
  measurement: string | null;
}

/** A distance of the nearest training point, ‖q − x‖; of use to tell a leak from a theme. */
const NEAREST = 'nearest_distance';
/** How many of the nearest points that the measurement kept have a cosine of .9 or more. */
const DUPLICATES = 'near_duplicates';
const DUPLICATE = Math.sqrt(2 - 2 * 0.9);

/**
 * Measures for every query of a set what density has to beat, and keeps it in the catalogue: length, digits, how common
 * the words are in the corpora, which of their n-grams the corpora have, and how far the nearest training point is.
 *
 * @throws UsageError for a query set or corpus that is not there
 */
export function measureControls(
  study: Study,
  { querySet, corpora, onProgress }: ControlsOptions,
): MeasuredControls {
  const { db } = study;
  const set = querySetNamed(db, querySet);
  const queries = queriesOf(db, set.id);
  const index = indexCorpora(study, corpora, onProgress);
  const controls = new Map<string, [queryId: number, value: number][]>();
  const add = (name: string, queryId: number, value: number) => {
    const values = controls.get(name);
    if (values) values.push([queryId, value]);
    else controls.set(name, [[queryId, value]]);
  };
  for (const [done, { id, text }] of queries.entries()) {
    const measured = { ...lengthControls(text), ...corpusControls(text, index) };
    for (const [name, value] of Object.entries(measured)) add(name, id, value);
    onProgress?.({ step: 'measuring controls', done, total: queries.length, unit: 'queries' });
  }
  const measurement = measurementOf(listMeasurements(db), set.id, corpora);
  if (measurement) {
    for (const [id, distance] of nearestDistances(db, measurement.id)) add(NEAREST, id, distance);
    for (const [id, count] of neighboursWithin(db, measurement.id, DUPLICATE)) add(DUPLICATES, id, count);
  }
  db.transaction(() => {
    for (const [name, values] of controls) setControl(db, name, values);
  })();
  return {
    words: index.words,
    vocabulary: index.vocabulary,
    queries: queries.length,
    controls: Object.fromEntries(
      Array.from(controls, ([name, values]) => [name, values.map(([, value]) => value)]),
    ),
    measurement: measurement?.name ?? null,
  };
}

/** Nearest points are the same at any kernel and bandwidth. */
function measurementOf(
  measurements: readonly Measurement[],
  querySetId: number,
  corpora: readonly string[],
): Measurement | undefined {
  const wanted = [...corpora].sort().join('\n');
  return measurements.find(
    (one) => one.querySetId === querySetId && [...one.corpora].sort().join('\n') === wanted,
  );
}
