import { type LabelledRecord, valueAt } from '../../../indexer/index.js';
import { DataError, UsageError } from '../../../store/index.js';

/** Which columns of a file hold what. Units are part of the names: no column is taken for another. */
export interface ColumnNames {
  /** The column that says which query a record is of. */
  key?: string | undefined;
  /** Negative log likelihood, nats, summed over the tokens. */
  nll?: string | undefined;
  /** Negative log likelihood, nats a token: the mean. */
  loss?: string | undefined;
  tokens?: string | undefined;
  bytes?: string | undefined;
  /** 0 or 1, false or true. */
  correct?: string | undefined;
  /** Any other metric: its name in the study → its column. */
  metrics?: Readonly<Record<string, string>> | undefined;
}

const FIXED = ['nll', 'loss', 'tokens', 'bytes', 'correct'] as const;

/** The columns that are named, whatever for. */
export function columnsNamed({ key, metrics = {}, ...fixed }: ColumnNames): string[] {
  return [key, ...FIXED.map((name) => fixed[name]), ...Object.values(metrics)].filter(
    (column) => column !== undefined,
  );
}

/**
 * The metrics of one record: a loss with its tokens becomes `nll`, their product; without, it stays `loss`.
 *
 * @throws UsageError for a column that the record does not have
 * @throws DataError for a value that is no number, with its row
 */
export function metricsFrom(record: LabelledRecord, columns: ColumnNames): Record<string, number> {
  const named = FIXED.flatMap((metric) => (columns[metric] === undefined ? [] : [[metric, columns[metric]]]));
  const all = [...named, ...Object.entries(columns.metrics ?? {})] as [string, string][];
  const found = Object.fromEntries(all.map(([metric, column]) => [metric, numberAt(record, column)]));
  if (found.loss === undefined || found.tokens === undefined) return found;
  const { loss, ...rest } = found;
  return { ...rest, nll: loss * found.tokens };
}

function numberAt({ at, fields }: LabelledRecord, column: string): number {
  const value = valueAt(fields, column);
  if (value === undefined) {
    throw new UsageError(
      `${at}: there is no column "${column}"; the columns are: ${Object.keys(fields).join(', ')}.`,
    );
  }
  const number = numberFrom(value);
  if (number !== undefined) return number;
  throw new DataError(`${at}: ${column} is ${JSON.stringify(value)}, which is no number.`);
}

/** The number that a value is, or that a text writes; true is 1. NaN and the infinities are numbers here. */
export function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (/^(true|false)$/i.test(value.trim())) return Number(value.trim().toLowerCase() === 'true');
  if (/^nan$/i.test(value.trim())) return Number.NaN;
  const number = Number(value.replace(/inf(inity)?$/i, 'Infinity'));
  return Number.isNaN(number) ? undefined : number;
}
