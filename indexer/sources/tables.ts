import { UsageError } from '../../store/index.js';
import type { ReadOptions, RecordFile, SourceRecord } from './document.js';
import { type Database, fileLiteral, identifier } from './duckdb.js';
import { isRemote } from './format.js';
import { queryAll, queryStream } from './queries.js';

/** A file as DuckDB's SQL reads it. */
export interface Table {
  database: Database;
  path: string;
  format: string;
  /** What stands behind FROM. */
  from: string;
  columns: readonly string[];
  /** SQL for the number of a row in the file, from 0. */
  rowNumber: string;
  /** SQL for the columns as `where` and metadata see them, where that is not as they are. */
  typedColumns?: () => Promise<ReadonlyMap<string, string>>;
}

const WINDOW_ROW_NUMBER = 'row_number() OVER () - 1';

/**
 * Opens a Parquet file, here or remote.
 *
 * @throws DataError with DuckDB's words where the file is damaged
 */
export async function openParquet(database: Database, path: string, label: string): Promise<RecordFile> {
  const plain = `read_parquet(${fileLiteral(path)})`;
  const described = await queryAll(database, path, 'Parquet', `DESCRIBE SELECT * FROM ${plain}`);
  const columns = described.map(({ column_name }) => String(column_name));
  // Numbers that the file itself has let DuckDB pass over row groups; a pattern starts at 0 in every file.
  const numbered = !(isRemote(path) && /[*?[]/.test(path)) && !columns.includes('file_row_number');
  return openTable(label, {
    database,
    path,
    format: 'Parquet',
    from: numbered ? `read_parquet(${fileLiteral(path)}, file_row_number = true)` : plain,
    columns,
    rowNumber: numbered ? 'file_row_number' : WINDOW_ROW_NUMBER,
  });
}

/** A table as a file of records, of which only the columns wanted are read. */
export function openTable(
  label: string,
  table: Omit<Table, 'rowNumber'> & { rowNumber?: string },
): RecordFile {
  const full = { rowNumber: WINDOW_ROW_NUMBER, ...table };
  return {
    path: table.path,
    label,
    columns: table.columns,
    head: (columns) => headOfTable(full, columns),
    read: (options) => readTable(full, options),
  };
}

async function headOfTable({ database, path, format, from }: Table, columns: readonly string[]) {
  if (columns.length === 0) return [];
  return queryAll(database, path, format, `SELECT ${columns.map(identifier)} FROM ${from} LIMIT 20`);
}

async function* readTable(table: Table, options: ReadOptions): AsyncGenerator<SourceRecord> {
  const { database, path, format, from } = table;
  const { columns, where, tally } = options;
  const rows = queryStream(database, {
    path,
    format,
    sql: await selectOf(table, options),
    width: columns.length + 1,
    ...(where !== undefined && {
      misused: (words: string) => badCondition(where, path, words, table.columns),
    }),
  });
  for await (const [number, ...values] of rows) {
    const record = Number(number);
    if (where === undefined) tally.records = record + 1;
    const fields = Object.fromEntries(columns.map((name, i) => [name, values[i]]));
    yield { row: record + 1, record, fields };
  }
  if (where !== undefined) {
    const [count] = await queryAll(database, path, format, `SELECT count(*) AS n FROM ${from}`);
    tally.records = Number(count?.n ?? 0);
  }
}

async function selectOf(table: Table, { columns, typed, where }: ReadOptions): Promise<string> {
  const retyped =
    typed.length > 0 || where !== undefined ? await table.typedColumns?.() : new Map<string, string>();
  const wanted = columns.map((name, i) => {
    const sql = (typed.includes(name) && retyped?.get(name)) || identifier(name);
    return `${sql} AS __${i}`;
  });
  const inner = [`${table.rowNumber} AS __row`, ...wanted];
  if (where === undefined) return `SELECT ${inner.join(', ')} FROM ${table.from}`;
  const seen = table.columns.map(
    (name) => `${retyped?.get(name) ?? identifier(name)} AS ${identifier(name)}`,
  );
  const outer = ['__row', ...columns.map((_, i) => `__${i}`)];
  return `SELECT ${outer.join(', ')} FROM (SELECT ${[...inner, ...seen].join(', ')} FROM ${table.from}) WHERE (${where}\n)`;
}

/** What to tell about a `where` that DuckDB does not take. */
export function badCondition(
  where: string,
  path: string,
  words: string,
  columns: readonly string[],
): UsageError {
  return new UsageError(
    `where "${where}" cannot be used on ${path}: ${words} The columns are: ${columns.join(', ')}.`,
  );
}
