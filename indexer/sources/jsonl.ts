import { bytesOf } from './bytes.js';
import type { Fields, RecordFile, Skip, SourceRecord } from './document.js';
import { headOf, namesIn } from './head.js';

const NEWLINE = 10;

/** Opens a JSON-lines file on this disk. */
export async function openJsonLines(path: string, label: string): Promise<RecordFile> {
  const head = await headOf(readJsonLines(path, () => {}, { records: 0 }));
  return {
    path,
    label,
    columns: namesIn(head),
    head: async () => head,
    read: ({ skip, tally }) => readJsonLines(path, skip, tally),
  };
}

/**
 * Reads a JSON-lines file a line at a time. A line that is not valid UTF-8, or not a JSON object, is skipped; empty
 * lines are no records.
 */
async function* readJsonLines(
  path: string,
  skip: Skip,
  tally: { records: number },
): AsyncGenerator<SourceRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let row = 0;
  for await (const line of linesOf(path)) {
    row++;
    let text: string;
    try {
      text = decoder.decode(line);
    } catch {
      tally.records++;
      skip('with invalid UTF-8', row);
      continue;
    }
    if (text.trim() === '') continue;
    const record = tally.records++;
    const fields = parseObject(text);
    if (fields) yield { row, record, fields };
    else skip('not a JSON object', row);
  }
}

/** The object that a JSON text is; undefined where it is none. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of bytesOf(path)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield parts.length > 0
        ? Buffer.concat([...parts, chunk.subarray(from, end)])
        : chunk.subarray(from, end);
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
