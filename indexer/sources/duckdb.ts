import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
  version,
} from '@duckdb/node-api';
import { DataError, UsageError } from '../../store/index.js';
import { unreadable } from './document.js';
import { isRemote } from './format.js';

/** DuckDB in memory, opened at the first use. */
export interface Database {
  /** A connection of its own for every reader, as a connection streams one result at a time. */
  connect(path: string): Promise<DuckDBConnection>;
  close(): void;
}

const SETTINGS = {
  memory_limit: '512MB',
  threads: '2',
  preserve_insertion_order: 'true',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  temp_directory: join(tmpdir(), 'densimeter-duckdb'),
};

/** Opens DuckDB with bounded memory, rows in the order of the files, and no downloads of extensions. */
export function openDatabase(): Database {
  let instance: Promise<DuckDBInstance> | undefined;
  let opened: DuckDBInstance | undefined;
  return {
    async connect(path) {
      instance ??= DuckDBInstance.create(':memory:', SETTINGS);
      opened = await instance;
      const connection = await opened.connect();
      if (isRemote(path)) await loadHttpfs(connection, path);
      return connection;
    },
    close: () => opened?.closeSync(),
  };
}

async function loadHttpfs(connection: DuckDBConnection, path: string): Promise<void> {
  try {
    await connection.run('LOAD httpfs');
  } catch {
    throw new UsageError(
      `${path}: DuckDB reads remote files with its extension "httpfs", which is not installed. Install it once by running INSTALL httpfs in DuckDB ${version()}, or download the files and name their folder.`,
    );
  }
}

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
    const unpack = jsonUnpacker(result);
    const names = result.columnNames();
    const rows = await result.convertRows(toJs);
    return rows.map((row) => Object.fromEntries(unpack(row).map((value, i) => [names[i]!, value])));
  } catch (error) {
    throw unreadable(path, format, wordsOf(error));
  } finally {
    connection.closeSync();
  }
}

/**
 * Streams the rows of a query, each an array in the order of its columns.
 *
 * @throws what `misused` makes of DuckDB's words where the query cannot be prepared
 * @throws DataError where the file turns out to be damaged
 */
export async function* queryStream(
  database: Database,
  path: string,
  format: string,
  sql: string,
  misused: (words: string) => Error = (words) => unreadable(path, format, words),
): AsyncGenerator<Json[]> {
  const connection = await database.connect(path);
  try {
    const prepared = await connection.prepare(sql).catch((error: unknown) => {
      throw misused(wordsOf(error));
    });
    const result = await prepared.stream();
    const unpack = jsonUnpacker(result);
    for await (const rows of result.yieldConvertedRows(toJs)) yield* rows.map(unpack);
  } catch (error) {
    if (error instanceof UsageError || error instanceof DataError) throw error;
    throw unreadable(path, format, wordsOf(error));
  } finally {
    connection.closeSync();
  }
}

/** DuckDB's own words for an error, without its advice on settings that are not ours to set, in one line. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const words = message
    .split(/\n(?:Possible fixes|Possible solutions|LINE \d+:|\s*file = |Try |\* )/)[0]!
    .replace(/\s+/g, ' ')
    .trim();
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

/** A name as SQL writes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file as DuckDB's readers take it: a local path is no pattern, whatever is in its name. */
export function fileLiteral(path: string): string {
  return literal(isRemote(path) ? path : path.replace(/[*?[]/g, '[$&]'));
}

/** Values as JSON has them, but whole numbers as numbers where they fit. */
const toJs: DuckDBValueConverter<Json> = (value, type, converter) => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'bigint') return JsonDuckDBValueConverter(value, type, converter);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
};

/** Makes of the texts in columns of type JSON what they hold. */
function jsonUnpacker(result: DuckDBResult): (row: Json[]) => Json[] {
  const isJson = result.columnTypes().map(({ alias }) => alias === 'JSON');
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
