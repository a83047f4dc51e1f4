import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, version } from '@duckdb/node-api';
import { UsageError } from '../../store/index.js';
import { isRemote } from './format.js';

/** DuckDB in memory, opened at the first use. */
export interface Database {
  /** A connection of its own for every reader, as a connection streams one result at a time. */
  connect(path: string): Promise<DuckDBConnection>;
  close(): void;
}

const SETTINGS = {
  memory_limit: '1GB',
  threads: '1',
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

/** DuckDB's own words for an error, without its advice on settings that are not ours to set, in one line. */
export function wordsOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /^Failed to extract statements: /,
    '',
  );
  const words = message
    .split(/\n(?:Possible fixes|Possible [Ss]olutions?|LINE \d+:|\s*file = |Try |\* )/)[0]!
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
