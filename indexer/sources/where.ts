import { UsageError } from '../../store/index.js';
import type { RecordFile, SourceRecord } from './document.js';
import { type Database, literal, wordsOf } from './duckdb.js';
import { badCondition } from './tables.js';

const BATCH_RECORDS = 1024;
const BATCH_CHARACTERS = 1 << 23;

/**
 * Checks that a `where` is one SQL expression.
 *
 * @throws UsageError in DuckDB's words where it is not
 */
export async function checkCondition(database: Database, where: string): Promise<void> {
  const connection = await database.connect('');
  try {
    // In brackets too, so that nothing that closes the parenthesis of WHERE (…) gets through.
    await connection.extractStatements(`SELECT (${where}\n), [${where}\n]`);
  } catch (error) {
    throw new UsageError(`where "${where}" is not an SQL condition: ${wordsOf(error)}`);
  } finally {
    connection.closeSync();
  }
}

/**
 * A file whose records DuckDB does not read, with a `where` that DuckDB judges: it is asked about 1,024 records at a
 * time. What type a column has is found from the first of them; numbers are DOUBLE.
 */
export function withCondition(database: Database, file: RecordFile): RecordFile {
  return {
    ...file,
    async *read(options) {
      const { where } = options;
      if (where === undefined) {
        yield* file.read(options);
        return;
      }
      let types: string | undefined;
      for await (const batch of batchesOf(file.read(options))) {
        const json = jsonOf(batch, where);
        types ??= await typesIn(database, json);
        const kept = await keptOf(database, json, types, where, file);
        for (const index of kept) yield batch[index]!;
      }
    },
  };
}

async function* batchesOf(records: AsyncIterable<SourceRecord>): AsyncGenerator<SourceRecord[]> {
  let batch: SourceRecord[] = [];
  let characters = 0;
  for await (const record of records) {
    batch.push(record);
    characters += JSON.stringify(record.fields).length;
    if (batch.length < BATCH_RECORDS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Records as JSON, with their positions and those columns that the condition may mean. */
function jsonOf(batch: readonly SourceRecord[], where: string): string {
  const words = where.toLowerCase();
  const means = (name: string) =>
    words.includes('columns(') || words.includes(name.toLowerCase().replaceAll('"', '""'));
  return JSON.stringify(
    batch.map(({ fields }, __row) => {
      const meant = Object.entries(fields).filter(([name]) => means(name));
      return { ...Object.fromEntries(meant), __row };
    }),
  );
}

/** The columns of records and their types, as json_transform takes them. */
async function typesIn(database: Database, json: string): Promise<string> {
  const connection = await database.connect('');
  try {
    const result = await connection.run('SELECT json_structure($1::JSON)::VARCHAR', [json]);
    const structure = String((await result.getRows())[0]![0]);
    // A whole number may be followed by one that is not, and null by anything.
    return structure.replace(/"(?:U?BIGINT|U?HUGEINT)"(?!:)/g, '"DOUBLE"').replace(/"NULL"(?!:)/g, '"JSON"');
  } finally {
    connection.closeSync();
  }
}

/** The positions of those records that fulfil the condition, in order. */
async function keptOf(
  database: Database,
  json: string,
  types: string,
  where: string,
  { path, columns }: RecordFile,
): Promise<number[]> {
  const connection = await database.connect('');
  try {
    const sql = `SELECT __row FROM (SELECT r.* FROM (SELECT unnest(json_transform($1, ${literal(types)})) AS r)) WHERE (${where}\n)`;
    const result = await connection.run(sql, [json]);
    const rows = await result.getRows();
    return rows.map(([row]) => Number(row)).sort((a, b) => a - b);
  } catch (error) {
    throw badCondition(where, path, wordsOf(error), columns);
  } finally {
    connection.closeSync();
  }
}
