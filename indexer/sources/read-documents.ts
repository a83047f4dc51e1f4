import { randomLcg } from 'd3';
import { DataError, UsageError } from '../../store/index.js';
import { chooseColumns, namedColumns } from './columns.js';
import { type DocumentSource, type RecordFile, type Skip, Skipped, type SourceDocument } from './document.js';
import { type Database, openDatabase } from './duckdb.js';
import { filesOf, labelsOf } from './files.js';
import { documentFrom } from './make-document.js';
import { openFile } from './open-file.js';
import { openUniqueKeys, type UniqueKeys } from './unique-keys.js';
import { checkCondition } from './where.js';

/**
 * Reads the documents of a corpus or query set, file by file in the order of their names.
 *
 * Records without text, with other than text in the text column, or that cannot be decoded are counted in `skipped`;
 * with `strict` they are errors.
 *
 * @throws UsageError for a path that matches no file, a format that is not known, a column that is not there, or a
 *   `where` that DuckDB does not take
 * @throws DataError for a damaged file, and for an id that is missing or comes twice
 */
export async function* readDocuments(
  source: DocumentSource,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  requireCount('limit', source.limit);
  requireCount('sample', source.sample);
  const database = openDatabase();
  try {
    const files = await filesOf(source);
    if (source.where !== undefined) await checkCondition(database, source.where);
    if (source.sample === undefined) yield* readAll(database, files, source, skipped);
    else yield* readSample(database, files, source, source.sample, skipped);
  } finally {
    database.close();
  }
}

function requireCount(option: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return;
  throw new UsageError(`--${option} must be a whole number above 0; it is ${value}.`);
}

/** Counts the documents, then reads them again and takes each with the chance that draws exactly `size` of them. */
async function* readSample(
  database: Database,
  files: readonly string[],
  source: DocumentSource,
  size: number,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  let left = 0;
  for await (const _ of readAll(database, files, source, new Skipped())) left++;
  let wanted = Math.min(size, left);
  // Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
  const random = randomLcg(source.seed ?? 1);
  for await (const document of readAll(database, files, source, skipped)) {
    const taken = random() * left < wanted;
    left--;
    if (!taken) continue;
    wanted--;
    yield document;
  }
}

async function* readAll(
  database: Database,
  files: readonly string[],
  source: DocumentSource,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  const { limit = Number.POSITIVE_INFINITY } = source;
  const labels = labelsOf(files);
  const named = namedColumns(source);
  const keys = openUniqueKeys();
  let firstRecord = 0;
  let count = 0;
  try {
    for (const path of files) {
      const label = labels.get(path)!;
      const file = await openFile(database, path, label, named);
      const tally = { records: 0 };
      const skip: Skip = (reason, row) => {
        if (source.strict) throw new DataError(strictMessage(reason, label, row));
        skipped.add(reason, label, row);
      };
      for await (const document of documentsOfFile(file, source, { skip, tally, firstRecord, keys })) {
        yield document;
        if (++count >= limit) return;
      }
      firstRecord += tally.records;
    }
    skipped.records = firstRecord;
  } finally {
    keys.close();
  }
}

function strictMessage(reason: string, label: string, row: number): string {
  return `${label}:${row}: record ${reason}. Mend it, or read without --strict to skip such records.`;
}

interface Reading {
  skip: Skip;
  tally: { records: number };
  /** Records of the files before. */
  firstRecord: number;
  keys: UniqueKeys;
}

async function* documentsOfFile(
  file: RecordFile,
  source: DocumentSource,
  { skip, tally, firstRecord, keys }: Reading,
): AsyncGenerator<SourceDocument> {
  const { where } = source;
  if (file.columns.length === 0) {
    for await (const _ of file.read({ columns: [], typed: [], skip, tally }));
    return;
  }
  const chosen = await chooseColumns(file, source);
  const { needed, typed } = chosen;
  for await (const record of file.read({ columns: needed, typed, where, skip, tally })) {
    const text = chosen.shape.text(record.fields);
    if (text === undefined) skip('without text', record.row);
    else if (text.trim() === '') skip('with empty text', record.row);
    else {
      yield documentFrom(record, text, chosen, { label: file.label, firstRecord, keys });
    }
  }
}
