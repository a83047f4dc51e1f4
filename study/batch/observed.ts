import { controlsOf, densitiesOf, type Measurement, queriesOf, type Study } from '../../store/index.js';
import { BASELINES, LENGTH } from '../regression/index.js';

/** The queries of a set with one density, and what is known of them without any run: columns by row, NaN where unknown. */
export interface Observed {
  measurement: Measurement;
  log10Density: Float64Array;
  controls: Map<string, Float64Array>;
  /** Names of those controls that say how long a text is; and of the baselines that are known. */
  length: string[];
  baselines: { name: string; control: string }[];
  groups: string[];
}

/** Gathers the columns of a measurement's query set. */
export function observedOf(
  { db }: Study,
  measurement: Measurement,
  groupBy: 'document' | 'source',
): Observed {
  const queries = queriesOf(db, measurement.querySetId);
  const densities = densitiesOf(db, measurement.id);
  const known = controlsOf(db, measurement.querySetId);
  const column = (of: (id: number) => number | undefined) =>
    Float64Array.from(queries, ({ id }) => of(id) ?? Number.NaN);
  const wanted = [...LENGTH, ...Object.values(BASELINES)];
  const controls = new Map(
    wanted
      .map((name): [string, Float64Array] => [
        name,
        name === 'log_words'
          ? column((id) => Math.log(known.get('words')?.get(id) ?? Number.NaN))
          : column((id) => known.get(name)?.get(id)),
      ])
      .filter(([, values]) => values.some(Number.isFinite)),
  );
  return {
    measurement,
    log10Density: column((id) => densities.get(id)?.log10Density),
    controls,
    length: LENGTH.filter((name) => controls.has(name)),
    baselines: Object.entries(BASELINES).flatMap(([name, control]) =>
      controls.has(control) ? [{ name, control }] : [],
    ),
    groups: queries.map((query) => query[groupBy]),
  };
}
