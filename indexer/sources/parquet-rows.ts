import { fileLiteral, openDatabase } from './duckdb.js';
import { isRemote } from './format.js';
import { queryAll } from './queries.js';

/** Rows of Parquet files by their footers; undefined where any of the files is of another kind, or remote. */
export async function rowsOf(files: readonly string[]): Promise<number | undefined> {
  if (files.some((file) => isRemote(file) || !/\.parquet$/i.test(file))) return undefined;
  const database = openDatabase();
  try {
    let rows = 0;
    for (const file of files) {
      const sql = `SELECT num_rows FROM parquet_file_metadata(${fileLiteral(file)})`;
      for (const { num_rows: count } of await queryAll(database, file, 'Parquet', sql)) rows += Number(count);
    }
    return rows;
  } finally {
    database.close();
  }
}
