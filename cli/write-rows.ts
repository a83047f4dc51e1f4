import { renameSync, writeFileSync } from 'node:fs';
import { jsonLines, type Row, UsageError, writeParquet } from '../store/index.js';

/**
 * Writes rows as JSON lines or Parquet, by the file's name; it gets its name once it is whole.
 *
 * @throws UsageError for another ending, or a place that cannot be written
 */
export async function writeRows(file: string, rows: readonly Row[]): Promise<void> {
  const part = `${file}.part`;
  try {
    if (file.endsWith('.parquet')) await writeParquet(part, rows);
    else if (file.endsWith('.jsonl')) writeFileSync(part, [...jsonLines(rows)].join(''));
    else throw new UsageError(`--out ${file}: give a file that ends with .jsonl or .parquet.`);
    renameSync(part, file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--out ${file} cannot be written: ${(error as Error).message}`);
  }
}
