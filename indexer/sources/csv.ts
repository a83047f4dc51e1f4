import { checkUnpacks, firstBytes } from './bytes.js';
import type { ReadOptions, RecordFile } from './document.js';
import { type Database, fileLiteral, identifier, literal } from './duckdb.js';
import { formatOf, isRemote } from './format.js';
import { hasHeader } from './header.js';
import { queryAll } from './queries.js';
import { openTable } from './tables.js';

interface Dialect {
  delimiter: string;
  quote: string;
  escaping: string;
  columnCount: number;
}

const DELIMITERS = [',', ';', '\t', '|'];
const HEADER_ROWS = 500;
const SNIFFED_ROWS = 2048;
/** DuckDB's default of 2 MB for a line is less than a long document, and its buffers are 16 lines. */
const BUFFERS = `max_line_size = ${1 << 24}, buffer_size = ${1 << 25}`;

/**
 * Opens a CSV or TSV file, with a header row or without: then its columns are column0, column1, …
 *
 * @param named columns that the user named, which tell a header row
 * @throws DataError with DuckDB's words where the file is damaged
 */
export async function openCsv(
  database: Database,
  path: string,
  label: string,
  named: readonly string[],
): Promise<RecordFile> {
  const { format: ending, compression } = formatOf(path)!;
  const format = ending.toUpperCase();
  const dialect = await dialectOf(database, path, ending === 'tsv' ? '\t' : undefined);
  const plain = Array.from({ length: dialect.columnCount }, (_, i) => `column${i}`);
  const lenient = `${readerOf(path, dialect, plain, false).slice(0, -1)}, parallel = false, strict_mode = false, null_padding = true, ignore_errors = true)`;
  const rows = (await queryAll(database, path, format, `SELECT * FROM ${lenient} LIMIT ${HEADER_ROWS}`)).map(
    (row) => plain.map((name) => (row[name] === null ? '' : String(row[name]))),
  );
  const header = hasHeader(rows, named);
  const columns = rows.length === 0 ? [] : header ? namesFrom(rows[0]!) : plain;
  const from = readerOf(path, dialect, columns, header);
  const file = openTable(label, {
    database,
    path,
    format,
    from,
    columns,
    typedColumns: () => typedColumns(database, path, from, columns),
  });
  if (columns.length === 0) return { ...file, async *read() {} };
  if (!compression || isRemote(path)) return file;
  return {
    ...file,
    async *read(options: ReadOptions) {
      await checkUnpacks(path);
      yield* file.read(options);
    },
  };
}

/** How fields are told apart: as DuckDB finds it, where that fits the first record and leaves none out. */
async function dialectOf(database: Database, path: string, known: string | undefined): Promise<Dialect> {
  const sql = `SELECT Delimiter, Quote, Escape, SkipRows, len(Columns) AS columns FROM sniff_csv(${fileLiteral(path)}, sample_size = ${SNIFFED_ROWS}, ${BUFFERS}${known ? `, delim = ${literal(known)}` : ''})`;
  const [sniffed] = await queryAll(database, path, 'CSV', sql).catch((error: unknown) => {
    if (isRemote(path)) throw error;
    return [];
  });
  const remote = isRemote(path);
  const start = remote ? '' : (await firstBytes(path)).toString('utf8');
  const counts = new Map(DELIMITERS.map((delimiter) => [delimiter, countOutsideQuotes(start, delimiter)]));
  const fits = remote || (sniffed?.SkipRows === 0 && (counts.get(String(sniffed.Delimiter)) ?? 0) > 0);
  const commonest = [...counts].sort((a, b) => b[1] - a[1])[0]![0];
  const delimiter = known ?? (fits ? String(sniffed?.Delimiter) : commonest);
  const unquoted = known !== undefined && sniffed?.Quote === '(empty)' && start.includes('"');
  return {
    delimiter,
    quote: unquoted ? '' : '"',
    escaping: unquoted ? '' : sniffed?.Escape === '\\' ? '\\' : '"',
    columnCount: remote ? Number(sniffed?.columns) : (counts.get(delimiter) ?? 0) + 1,
  };
}

/** How often a character comes in the first record, outside quotes. */
function countOutsideQuotes(text: string, wanted: string): number {
  let count = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === wanted) count++;
    else if (character === '\n' || character === '\r') break;
  }
  return count;
}

function readerOf(path: string, dialect: Dialect, columns: readonly string[], header: boolean): string {
  const { delimiter, quote, escaping } = dialect;
  const types = columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${fileLiteral(path)}, auto_detect = false, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(escaping)}, comment = '', skip = 0, header = ${header}, columns = {${types}}, ${BUFFERS})`;
}

/** Column names of a header row, as DuckDB makes them where one is empty or comes twice. */
function namesFrom(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, i) => {
    const name = cell.trim() || `column${i}`;
    const unique = taken.has(name.toLowerCase()) ? `${name}_${i}` : name;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Columns that hold but numbers or truth values, from the first row to the last, as such. */
async function typedColumns(
  database: Database,
  path: string,
  from: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const checks = columns.flatMap((name, i) => {
    const cell = identifier(name);
    // 15 digits are what a DOUBLE holds; a longer number is rather an identifier.
    const filled = `FILTER (${cell} IS NOT NULL)`;
    return [
      `bool_and(TRY_CAST(${cell} AS DOUBLE) IS NOT NULL AND length(${cell}) < 16) ${filled} AS number${i}`,
      `bool_and(lower(${cell}) IN ('true', 'false')) ${filled} AS truth${i}`,
    ];
  });
  const [found] = await queryAll(database, path, 'CSV', `SELECT ${checks.join(', ')} FROM ${from}`);
  const pairs = columns.map((name, i): [string, string] => {
    const type = found?.[`number${i}`] === true ? 'DOUBLE' : found?.[`truth${i}`] === true && 'BOOLEAN';
    return [name, type ? `TRY_CAST(${identifier(name)} AS ${type})` : identifier(name)];
  });
  return new Map(pairs);
}
