import { mean, quantile } from 'd3';
import {
  controlsOf,
  densitiesOf,
  type Measurement,
  metricsOf,
  runsWithMetric,
  type Study,
} from '../../store/index.js';

/** Queries of a like number of copies, or like density, and how far they were completed as they stood. */
export interface MemorizationBin {
  label: string;
  queries: number;
  exactMatch: number;
  exactMatchLength: number;
  rougeL: number;
}

/** How far one run writes on as its training data does, by what the data holds. */
export interface MemorizationResult {
  run: string;
  queries: number;
  /** By exact copies in the corpora, near duplicates among the nearest points, and thirds of log10 density. */
  by: { what: string; bins: MemorizationBin[] }[];
}

interface Row {
  id: number;
  exactMatch: number;
  exactMatchLength: number;
  rougeL: number;
}

/** The memorization of those runs whose completions were compared with the queries of a measurement. */
export function memorizationOf(
  { db }: Study,
  measurement: Measurement,
  runs: readonly string[],
): MemorizationResult[] {
  const { querySetId } = measurement;
  const controls = controlsOf(db, querySetId);
  const densities = densitiesOf(db, measurement.id);
  const completed = runsWithMetric(db, querySetId, 'rouge_l');
  return runs.flatMap((run) => {
    if (!completed.has(run)) return [];
    const metrics = metricsOf(db, run, querySetId);
    const rouge = metrics.get('rouge_l')!;
    const rows = Array.from(
      rouge,
      ([id, rougeL]): Row => ({
        ...{ id, rougeL },
        exactMatch: metrics.get('exact_match')?.get(id) ?? Number.NaN,
        exactMatchLength: metrics.get('exact_match_length')?.get(id) ?? Number.NaN,
      }),
    );
    const counted =
      (name: string) =>
      ({ id }: Row) =>
        controls.get(name)?.get(id);
    const by = [
      { what: 'exact copies in the corpora', bins: byCount(rows, counted('verbatim_count')) },
      { what: 'near duplicates among the nearest points', bins: byCount(rows, counted('near_duplicates')) },
      { what: 'log10 density', bins: byThirds(rows, ({ id }) => densities.get(id)?.log10Density) },
    ];
    return [{ run, queries: rows.length, by: by.filter(({ bins }) => bins.length > 1) }];
  });
}

type Value = (row: Row) => number | undefined;

const COUNTS: readonly [label: string, from: number, to: number][] = [
  ['0', 0, 0],
  ['1', 1, 1],
  ['2 to 4', 2, 4],
  ['5 and more', 5, Number.POSITIVE_INFINITY],
];

function byCount(rows: readonly Row[], value: Value): MemorizationBin[] {
  return COUNTS.flatMap(([label, from, to]) => {
    return binOf(
      label,
      rows.filter((row) => (value(row) ?? -1) >= from && (value(row) ?? -1) <= to),
    );
  });
}

function byThirds(rows: readonly Row[], value: Value): MemorizationBin[] {
  const known = rows.filter((row) => value(row) !== undefined);
  const [low, high] = [1 / 3, 2 / 3].map((share) => quantile(known, share, (row) => value(row)!)!);
  return [
    ...binOf(
      'lowest third',
      known.filter((row) => value(row)! <= low!),
    ),
    ...binOf(
      'middle third',
      known.filter((row) => value(row)! > low! && value(row)! <= high!),
    ),
    ...binOf(
      'highest third',
      known.filter((row) => value(row)! > high!),
    ),
  ];
}

function binOf(label: string, rows: readonly Row[]): MemorizationBin[] {
  if (rows.length === 0) return [];
  return [
    {
      ...{ label, queries: rows.length, exactMatch: mean(rows, (row) => row.exactMatch)! },
      exactMatchLength: mean(rows, (row) => row.exactMatchLength)!,
      rougeL: mean(rows, (row) => row.rougeL)!,
    },
  ];
}
