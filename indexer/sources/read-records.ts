import { DataError } from '../../store/index.js';
import type { DocumentSource, Fields } from './document.js';
import { openDatabase } from './duckdb.js';
import { filesOf, labelsOf } from './files.js';
import { openFile } from './open-file.js';

/** A record with where it is from. */
export interface LabelledRecord {
  /** "samples.jsonl:4". */
  at: string;
  fields: Fields;
}

/**
 * Reads the records of files of any format, file by file in the order of their names, with all their columns.
 *
 * @param named columns that the user named, by which the header row of a CSV file is known
 * @throws UsageError for a path that matches no file, or a format that is not known
 * @throws DataError for a damaged file, and for a record that is none, with its row
 */
export async function* readRecords(
  source: Pick<DocumentSource, 'files' | 'base'>,
  named: readonly string[] = [],
): AsyncGenerator<LabelledRecord> {
  const database = openDatabase();
  try {
    const files = await filesOf(source);
    const labels = labelsOf(files);
    for (const path of files) {
      const label = labels.get(path)!;
      const { columns, read } = await openFile(database, path, label, named);
      const skip = (reason: string, row: number) => {
        throw new DataError(`${label}:${row}: record ${reason}. Mend it or leave it out.`);
      };
      for await (const { row, fields } of read({ columns, typed: [], skip, tally: { records: 0 } })) {
        yield { at: `${label}:${row}`, fields };
      }
    }
  } finally {
    database.close();
  }
}
