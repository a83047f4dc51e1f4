import { DuckDBInstance } from '@duckdb/node-api';

/** The rows of a Parquet file. */
export async function readParquet(file: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const found = await connection.runAndReadAll('SELECT * FROM read_parquet(?)', [file]);
    return found.getRowObjectsJson();
  } finally {
    instance.closeSync();
  }
}
