import { DuckDBInstance } from '@duckdb/node-api';
import { DataError } from '../../store/index.js';
import type { SourceRecord } from './document.js';

const READERS: Record<string, string> = {
  parquet: 'read_parquet(?)',
  csv: 'read_csv(?)',
  tsv: "read_csv(?, delim = '\t')",
  json: 'read_json_auto(?)',
};

/** The formats that DuckDB reads for us, by file ending. */
export const TABLE_FORMATS = Object.keys(READERS);

/**
 * Streams the rows of a Parquet, CSV, TSV or JSON file.
 *
 * @throws DataError with DuckDB's words where the file is damaged
 */
export async function* readTable(file: string, format: string): AsyncGenerator<SourceRecord> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.stream(`SELECT * FROM ${READERS[format]}`, [file]);
    let row = 0;
    for await (const rows of result.yieldRowObjectJson()) {
      for (const fields of rows) yield { file, row: ++row, fields };
    }
  } catch (error) {
    throw new DataError(
      `${file} cannot be read as ${format}: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
