import type { Fields, SourceRecord } from './document.js';

const HEAD_RECORDS = 100;
const HEAD_CHARACTERS = 1 << 23;

/** The first records of a file that are sound: up to 100, or 8 MB of them. */
export async function headOf(records: AsyncIterable<SourceRecord>): Promise<Fields[]> {
  const head: Fields[] = [];
  let characters = 0;
  for await (const { fields } of records) {
    head.push(fields);
    characters += JSON.stringify(fields).length;
    if (head.length >= HEAD_RECORDS || characters >= HEAD_CHARACTERS) break;
  }
  return head;
}

/** The names of the fields that any of these records has, in the order they come. */
export function namesIn(records: readonly Fields[]): string[] {
  return [...new Set(records.flatMap((fields) => Object.keys(fields)))];
}
