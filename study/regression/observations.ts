import {
  controlsOf,
  densitiesOf,
  type Measurement,
  metricsOf,
  outcomeColumns,
  type Query,
  queriesOf,
  type Study,
} from '../../store/index.js';
import { metricsFrom } from '../outcomes/metrics.js';
import type { Term } from '../statistics/index.js';

/** What every regression says beside density: the text's length and its digits. */
export const LENGTH = ['log_words', 'digit_share'] as const;
/** What density has to beat, by what it is. */
export const BASELINES = {
  'word frequency': 'unigram_cross_entropy',
  'n-gram overlap': 'ngrams_seen_3',
  'nearest text': 'nearest_distance',
} as const;
const CONTROLS = [...LENGTH, ...Object.values(BASELINES)];

/** Queries of a study as the columns of a regression: those that have an outcome, a density and every control. */
export interface Observations {
  queries: Query[];
  /** Loss, nats a token; the mean over the runs where there are several. */
  loss: Float64Array;
  /** Runs × queries. */
  losses: Float64Array[];
  /** Of `correct`, 0 or 1, where one run has it for all of these queries; null where not. */
  correct: Float64Array | null;
  log10Density: Float64Array;
  /** Standard errors of `log10Density`, from the intervals. */
  densityErrors: Float64Array;
  /** Length and digits; then the baselines, by their names. */
  length: Term[];
  baselines: { name: string; term: Term }[];
  /** Rows that vary together and are held out together. */
  groups: string[];
  /** Queries of the set that lack an outcome or a control. */
  left: number;
}

const Z95 = 1.959963984540054;

/** Which columns. */
export interface ObservationOptions {
  querySetId: number;
  measurement: Measurement;
  runs: readonly string[];
  groupBy: 'document' | 'source';
}

/** Gathers the columns of a regression from the catalogue. */
export function observationsOf(study: Study, options: ObservationOptions): Observations {
  const { querySetId, measurement, runs, groupBy } = options;
  const { db } = study;
  const densities = densitiesOf(db, measurement.id);
  const controls = controlsOf(db, querySetId);
  const all = queriesOf(db, querySetId);
  const perRun = runs.map((run) => lossColumn(db, run, querySetId, all.length));
  const controlAt = (control: string, id: number) =>
    control === 'log_words'
      ? Math.log(controls.get('words')?.get(id) ?? Number.NaN)
      : controls.get(control)?.get(id);
  const kept = CONTROLS.filter((control) =>
    all.some(({ id }) => Number.isFinite(controlAt(control, id) ?? Number.NaN)),
  );
  const queries = all.filter(
    ({ id, row }) =>
      densities.has(id) &&
      perRun.every((losses) => Number.isFinite(losses[row]!)) &&
      kept.every((control) => Number.isFinite(controlAt(control, id) ?? Number.NaN)),
  );
  const column = (of: (query: Query) => number) => Float64Array.from(queries, of);
  const term = (name: string): Term => ({ name, values: column(({ id }) => controlAt(name, id)!) });
  const losses = perRun.map((loss) => column(({ row }) => loss[row]!));
  const correct = runs.length === 1 ? metricsOf(db, runs[0]!, querySetId).get('correct') : undefined;
  return {
    ...{ queries, losses, left: all.length - queries.length },
    loss: column(({ row }) => perRun.reduce((sum, loss) => sum + loss[row]!, 0) / runs.length),
    correct:
      correct && queries.every(({ id }) => correct.has(id)) ? column(({ id }) => correct.get(id)!) : null,
    log10Density: column(({ id }) => densities.get(id)!.log10Density),
    densityErrors: column(({ id }) => {
      const { log10Low, log10High } = densities.get(id)!;
      return (log10High - log10Low) / (2 * Z95);
    }),
    length: LENGTH.filter((name) => kept.includes(name)).map(term),
    baselines: Object.entries(BASELINES)
      .filter(([, control]) => kept.includes(control))
      .map(([name, control]) => ({ name, term: term(control) })),
    groups: queries.map((query) => query[groupBy]),
  };
}

/** The losses of a run by row, NaN where there is none. */
function lossColumn(db: Study['db'], run: string, querySetId: number, queries: number): Float64Array {
  const metrics = metricsFrom(outcomeColumns(db, run, querySetId, queries));
  return metrics.find(({ name }) => name === 'loss')?.values ?? new Float64Array(queries).fill(Number.NaN);
}

/** log10 density as a term of a regression. */
export function densityTerm(values: ArrayLike<number>): Term {
  return { name: 'log10_density', values };
}
