import type { DuckDBAppender } from '@duckdb/node-api';
import { type Cell, type Column, columnsOf, type Row, textOf } from './columns.js';

const TYPES = { text: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN' };

/**
 * Writes rows as a Parquet file, replacing what is there.
 *
 * @throws Error where the file cannot be written
 */
export async function writeParquet(file: string, rows: readonly Row[]): Promise<void> {
  // Loaded when it is needed: most commands write no Parquet.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const columns = columnsOf(rows);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    // Parquet has no table without columns.
    const named = columns.length > 0 ? columns : [{ name: 'empty', type: 'text' } as const];
    await connection.run(
      `CREATE TABLE rows (${named.map(({ name, type }) => `${identifier(name)} ${TYPES[type]}`).join(', ')})`,
    );
    const appender = await connection.createAppender('rows');
    for (const row of rows) {
      for (const column of columns) append(appender, column, row[column.name]);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY rows TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

function append(appender: DuckDBAppender, { type }: Column, value: Cell): void {
  if (value === null || value === undefined) appender.appendNull();
  else if (type === 'number') appender.appendDouble(value as number);
  else if (type === 'boolean') appender.appendBoolean(value as boolean);
  else appender.appendVarchar(textOf(value)!);
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
