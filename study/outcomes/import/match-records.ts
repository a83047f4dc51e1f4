import { type LabelledRecord, valueAt } from '../../../indexer/index.js';
import { DataError, type Query, UsageError } from '../../../store/index.js';
import { alignRows } from './align-rows.js';
import { type ColumnNames, metricsFrom } from './columns.js';
import { type HarnessSample, isHarnessSample, sampleFrom } from './harness.js';
import { indexQueries, type MatchedBy, type QueryIndex } from './match.js';

/** The metrics of one record, and the query it is of where one was found. */
export interface MatchedRecord {
  at: string;
  metrics: Record<string, number>;
  match?: { queryId: number; by: MatchedBy } | undefined;
}

/** How records are read and matched. */
export interface MatchOptions {
  columns: ColumnNames;
  /** Records stand in the order of the queries. */
  byRow: boolean;
  /** Of samples behind several answer filters, those behind this one. */
  filter?: string | undefined;
}

/**
 * Reads the metrics of records and finds the query of each: by row where that is asked for, by the key column, or for
 * samples of lm-evaluation-harness by doc hash, id, or text, whichever names a query first.
 *
 * @throws UsageError for columns or a filter that are not there, or that nothing was named
 * @throws DataError for a value that is no number, and for more or fewer records than queries where they are aligned
 */
export function matchRecords(
  records: readonly LabelledRecord[],
  queries: readonly Query[],
  options: MatchOptions,
): MatchedRecord[] {
  const [first] = records;
  if (!first) throw new DataError('The files hold no records.');
  const read = isHarnessSample(first)
    ? ofFilter(
        records.map((record) => ({ record, sample: requireSample(record) })),
        options.filter,
      )
    : fromColumns(records, options);
  if (options.byRow) {
    const aligned = alignRows(
      read.map(({ record }) => record),
      queries,
    );
    return read.map(({ record, sample }, i) => ({
      at: record.at,
      metrics: sample.metrics,
      match: { queryId: aligned[i]!.id, by: 'row' },
    }));
  }
  const index = indexQueries(queries);
  return read.map(({ record, sample }) => ({
    at: record.at,
    metrics: sample.metrics,
    match: matchOf(record, sample, index, options.columns.key),
  }));
}

type ReadRecord = { record: LabelledRecord; sample: Pick<HarnessSample, 'metrics'> & Partial<HarnessSample> };

function requireSample(record: LabelledRecord): HarnessSample {
  if (isHarnessSample(record)) return sampleFrom(record);
  throw new DataError(`${record.at}: not a sample of lm-evaluation-harness, as the first record is.`);
}

function fromColumns(records: readonly LabelledRecord[], { columns, byRow }: MatchOptions): ReadRecord[] {
  const { key, metrics, ...fixed } = columns;
  const has = `The columns are: ${Object.keys(records[0]!.fields).join(', ')}.`;
  if (Object.values(fixed).every((column) => column === undefined) && !Object.keys(metrics ?? {}).length) {
    throw new UsageError(
      `Say which column is what, with --nll (a sum, in nats), --loss (nats a token), --tokens, --bytes, --correct or --metric name=column. ${has}`,
    );
  }
  if (!byRow && key === undefined) {
    throw new UsageError(
      `Say which column names the query with --key, or that records stand in the order of the queries with --by-row. ${has}`,
    );
  }
  return records.map((record) => ({ record, sample: { metrics: metricsFrom(record, columns) } }));
}

function ofFilter(read: { record: LabelledRecord; sample: HarnessSample }[], filter: string | undefined) {
  const filters = [...new Set(read.map(({ sample }) => sample.filter))];
  if (filter === undefined && filters.length > 1) {
    throw new UsageError(
      `The samples are behind ${filters.length} filters: choose one with --filter, of: ${filters.join(', ')}.`,
    );
  }
  const chosen = filter ?? filters[0]!;
  if (filters.includes(chosen)) return read.filter(({ sample }) => sample.filter === chosen);
  throw new UsageError(`No sample is behind the filter "${chosen}"; there are: ${filters.join(', ')}.`);
}

function matchOf(
  record: LabelledRecord,
  { hash, ids = [], texts = [] }: Partial<HarnessSample>,
  index: QueryIndex,
  keyColumn: string | undefined,
): MatchedRecord['match'] {
  if (keyColumn !== undefined) {
    const key = valueAt(record.fields, keyColumn);
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new DataError(
        `${record.at}: the key in "${keyColumn}" is ${JSON.stringify(key ?? null)}, no text or number.`,
      );
    }
    return found('id', [index.byKey(String(key))]);
  }
  return (
    found('hash', [hash === undefined ? undefined : index.byKey(hash)]) ??
    found('id', ids.map(index.byKey)) ??
    found('text', texts.map(index.byText))
  );
}

function found(by: MatchedBy, ids: readonly (number | undefined)[]): MatchedRecord['match'] {
  const queryId = ids.find((id) => id !== undefined);
  return queryId === undefined ? undefined : { queryId, by };
}
