import { DataError } from '../../store/index.js';
import { firstBytes } from './bytes.js';
import { type RecordFile, type Skip, type SourceRecord, unreadable } from './document.js';
import { type Database, fileLiteral } from './duckdb.js';
import { formatOf, isRemote } from './format.js';
import { headOf, namesIn } from './head.js';
import { openJsonLines, parseObject } from './jsonl.js';
import { queryStream } from './queries.js';

type Layout = 'array' | 'newline_delimited' | 'auto';

/** DuckDB's default is 16 MB for a record. */
const RECORD_BYTES = 1 << 25;

/**
 * Opens a .json file: an array of records, or one record a line; and remote JSON lines.
 *
 * @throws DataError where it holds neither
 */
export async function openJson(database: Database, path: string, label: string): Promise<RecordFile> {
  const layout = await layoutOf(path);
  if (layout === 'newline_delimited' && !isRemote(path)) return openJsonLines(path, label);
  const read = (skip: Skip, tally: { records: number }) => readJson(database, path, layout, skip, tally);
  const reasons: string[] = [];
  const head = await headOf(read((reason) => reasons.push(reason), { records: 0 }));
  if (head.length === 0 && reasons.length > 0) {
    throw new DataError(
      `${path} holds no records: this reads a JSON array of objects, or one object a line.`,
    );
  }
  return {
    path,
    label,
    columns: namesIn(head),
    head: async () => head,
    read: ({ skip, tally }) => read(skip, tally),
  };
}

async function layoutOf(path: string): Promise<Layout> {
  if (isRemote(path)) return formatOf(path)?.format === 'jsonl' ? 'newline_delimited' : 'auto';
  const text = (await firstBytes(path)).toString('utf8').trimStart();
  if (text === '') return 'newline_delimited';
  if (text.startsWith('[')) return 'array';
  if (!text.startsWith('{')) {
    throw unreadable(path, 'JSON', `it begins with ${JSON.stringify(text.slice(0, 12))}, not with [ or {.`);
  }
  return parseObject(text.split('\n', 1)[0]!) ? 'newline_delimited' : 'auto';
}

async function* readJson(
  database: Database,
  path: string,
  layout: Layout,
  skip: Skip,
  tally: { records: number },
): AsyncGenerator<SourceRecord> {
  const sql = `SELECT json::VARCHAR FROM read_json_objects(${fileLiteral(path)}, format = '${layout}', maximum_object_size = ${RECORD_BYTES})`;
  for await (const [json] of queryStream(database, { path, format: 'JSON', sql, width: 1 })) {
    const record = tally.records++;
    const row = record + 1;
    const fields = typeof json === 'string' ? parseObject(json) : undefined;
    if (fields) yield { row, record, fields };
    else skip('not a JSON object', row);
  }
}
