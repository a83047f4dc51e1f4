import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DataError } from '../../store/index.js';
import type { Skipped, SourceRecord } from './document.js';

const NEWLINE = 10;

/**
 * Reads a JSON-lines file (plain or .gz) a line at a time. A line that is not valid UTF-8, or not a JSON object, is
 * counted in `skipped` and passed over.
 */
export async function* readJsonLines(file: string, skipped: Skipped): AsyncGenerator<SourceRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let row = 0;
  for await (const line of linesOf(file)) {
    row++;
    let text: string;
    try {
      text = decoder.decode(line);
    } catch {
      skipped.add('with invalid UTF-8', file, row);
      continue;
    }
    if (text.trim() === '') continue;
    const fields = parseObject(text);
    if (fields) yield { file, row, fields };
    else skipped.add('not a JSON object', file, row);
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of bytesOf(file)) {
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

/** The bytes of a file, unpacked where it ends in .gz. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    yield* file.endsWith('.gz') ? bytes.compose(createGunzip()) : bytes;
  } catch (error) {
    throw new DataError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
