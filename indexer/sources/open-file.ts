import { UsageError } from '../../store/index.js';
import { openCsv } from './csv.js';
import type { RecordFile } from './document.js';
import type { Database } from './duckdb.js';
import { formatOf, isRemote, READABLE } from './format.js';
import { openJson } from './json.js';
import { openJsonLines } from './jsonl.js';
import { openPlainText } from './plain-text.js';
import { openParquet } from './tables.js';
import { withCondition } from './where.js';

/**
 * Looks into a file of any format that can be read.
 *
 * @param label what it is called in keys, sources and messages
 * @param named columns that the user named
 * @throws DataError where it is damaged
 */
export async function openFile(
  database: Database,
  path: string,
  label: string,
  named: readonly string[],
): Promise<RecordFile> {
  switch (formatOf(path)?.format) {
    case 'parquet':
      return openParquet(database, path, label);
    case 'csv':
    case 'tsv':
      return openCsv(database, path, label, named);
    case 'jsonl':
      return withCondition(
        database,
        isRemote(path) ? await openJson(database, path, label) : await openJsonLines(path, label),
      );
    case 'json':
      return withCondition(database, await openJson(database, path, label));
    case 'text':
      return withCondition(database, openPlainText(database, path, label));
    default:
      throw new UsageError(`${path} is of no format that this reads; use ${READABLE}.`);
  }
}
