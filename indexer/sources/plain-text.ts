import { bytesOf } from './bytes.js';
import type { RecordFile, SourceRecord } from './document.js';
import { type Database, literal } from './duckdb.js';
import { isRemote } from './format.js';
import { queryStream } from './queries.js';

/** A plain text file, here or remote, as the one record that it is. */
export function openPlainText(database: Database, path: string, label: string): RecordFile {
  return {
    path,
    label,
    columns: ['text'],
    head: async () => [],
    async *read({ skip, tally }) {
      if (isRemote(path)) {
        yield* readRemote(database, path, tally);
        return;
      }
      const parts: Buffer[] = [];
      for await (const chunk of bytesOf(path)) parts.push(chunk);
      tally.records++;
      try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
        yield { row: 1, record: 0, fields: { text } };
      } catch {
        skip('with invalid UTF-8', 1);
      }
    },
  };
}

async function* readRemote(
  database: Database,
  path: string,
  tally: { records: number },
): AsyncGenerator<SourceRecord> {
  const sql = `SELECT content FROM read_text(${literal(path)})`;
  for await (const [text] of queryStream(database, { path, format: 'text', sql, width: 1 })) {
    const record = tally.records++;
    yield { row: record + 1, record, fields: { text } };
  }
}
