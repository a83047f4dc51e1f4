import {
  type DuckDBType,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api';
import { DataError, UsageError } from '../../store/index.js';
import { unreadable } from './document.js';
import { type Database, wordsOf } from './duckdb.js';

/**
 * Runs a query for a file and returns all its rows; for small results.
 *
 * @throws DataError in DuckDB's words where it fails
 */
export async function queryAll(
  database: Database,
  path: string,
  format: string,
  sql: string,
): Promise<Record<string, Json>[]> {
  const connection = await database.connect(path);
  try {
    const result = await connection.run(sql);
    const unpack = jsonUnpacker(result.columnTypes());
    const names = result.columnNames();
    const rows = await result.convertRows(toJs);
    return rows.map((row) => Object.fromEntries(unpack(row).map((value, i) => [names[i]!, value])));
  } catch (error) {
    throw unreadable(path, format, wordsOf(error));
  } finally {
    connection.closeSync();
  }
}

/** A query that streams, and what it is asked of. */
export interface StreamedQuery {
  path: string;
  format: string;
  sql: string;
  /** How many columns it has. */
  width: number;
  /** What to throw where it cannot be prepared, or converts what cannot be. */
  misused?: (words: string) => Error;
}

/**
 * Streams the rows of a query, each an array in the order of its columns.
 *
 * A stream of DuckDB's that fails ends as one that is done, and its error cannot be asked for (node-api 1.5.6). So the
 * query is given a last row of its own: where that does not come, the query is run once more for its error.
 *
 * @throws DataError where the file turns out to be damaged
 */
export async function* queryStream(database: Database, query: StreamedQuery): AsyncGenerator<Json[]> {
  const { path, format, sql, width, misused = (words) => unreadable(path, format, words) } = query;
  const connection = await database.connect(path);
  try {
    const prepared = await connection.prepare(withLastRow(sql, width)).catch((error: unknown) => {
      throw misused(wordsOf(error));
    });
    const result = await prepared.stream();
    const unpack = jsonUnpacker(result.columnTypes().slice(1));
    for await (const rows of result.yieldConvertedRows(toJs)) {
      for (const [isLast, ...row] of rows) {
        if (isLast) return;
        yield unpack(row);
      }
    }
    await connection.run(`SELECT bit_xor(hash(q)) FROM (${sql}) AS q`);
    throw unreadable(path, format, 'DuckDB stopped before its end, and does not say why.');
  } catch (error) {
    if (error instanceof UsageError || error instanceof DataError) throw error;
    const words = wordsOf(error);
    throw words.startsWith('Conversion Error') ? misused(words) : unreadable(path, format, words);
  } finally {
    connection.closeSync();
  }
}

function withLastRow(sql: string, width: number): string {
  return `SELECT FALSE, q.* FROM (${sql}) AS q UNION ALL SELECT TRUE${', NULL'.repeat(width)}`;
}

/** Values as JSON has them, but whole numbers as numbers where they fit. */
const toJs: DuckDBValueConverter<Json> = (value, type, converter) => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'bigint') return JsonDuckDBValueConverter(value, type, converter);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
};

/** Makes of the texts in columns of type JSON what they hold. */
function jsonUnpacker(types: readonly DuckDBType[]): (row: (Json | null)[]) => Json[] {
  const isJson = types.map(({ alias }) => alias === 'JSON');
  if (!isJson.includes(true)) return (row) => row;
  return (row) => row.map((value, i) => (isJson[i] && typeof value === 'string' ? parsed(value) : value));
}

function parsed(json: string): Json {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
