import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { filesMatching, type LabelledRecord, readRecords } from '../../../indexer/index.js';
import { DataError } from '../../../store/index.js';

/** The column of a number that has no name of its own, in a JSON list of numbers. */
export const VALUE = 'value';
/** The column of the name that such a list stands under. */
export const GROUP = 'group';

/**
 * Reads the records of files of any format. Of JSON, besides a list of records: lists of numbers under names
 * (`{"anatomy": [2.1, …]}`, columns `group` and `value`), columns as lists (`{"id": […], "nll": […]}`) and records
 * under keys (`{"q1": {…}}`, column `key`).
 *
 * @param named the columns that the user named
 * @throws UsageError for a path that matches no file
 * @throws DataError for a damaged file, or one of another form
 */
export async function* readOutcomeRecords(
  files: readonly string[],
  base: string,
  named: readonly string[],
): AsyncGenerator<LabelledRecord> {
  for (const path of await filesMatching({ files, base })) {
    const parsed = path.endsWith('.json') ? parse(readFileSync(path, 'utf8')) : undefined;
    if (parsed === undefined) yield* readRecords({ files: [path], base }, named);
    else yield* recordsOf(parsed, relative(base, path), named);
  }
}

/** What a JSON text holds; undefined where it is none, but JSON lines perhaps. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* recordsOf(parsed: unknown, path: string, named: readonly string[]): Generator<LabelledRecord> {
  if (Array.isArray(parsed)) {
    for (const [i, item] of parsed.entries()) yield recordFrom(item, `${path}:${i + 1}`);
    return;
  }
  const entries = isObject(parsed) ? Object.entries(parsed) : [];
  if (entries.length > 0 && entries.every(([, list]) => Array.isArray(list))) {
    const lists = entries as [string, unknown[]][];
    yield* lists.some(([name]) => named.includes(name)) ? fromColumns(lists, path) : fromGroups(lists, path);
  } else if (entries.length > 0 && entries.every(([, record]) => isObject(record))) {
    for (const [key, record] of entries)
      yield { at: `${path}: ${key}`, fields: { key, ...(record as object) } };
  } else {
    throw new DataError(
      `${path} holds no outcomes: this reads a list of records or numbers, lists under names, and records under keys.`,
    );
  }
}

function recordFrom(item: unknown, at: string): LabelledRecord {
  if (isObject(item)) return { at, fields: { ...item } };
  return { at, fields: { [VALUE]: item } };
}

function* fromColumns(columns: readonly [string, unknown[]][], path: string): Generator<LabelledRecord> {
  const rows = columns[0]![1].length;
  const odd = columns.find(([, list]) => list.length !== rows);
  if (odd) {
    throw new DataError(
      `${path}: "${odd[0]}" has ${odd[1].length} values and "${columns[0]![0]}" has ${rows}: columns are of one length.`,
    );
  }
  for (let row = 0; row < rows; row++) {
    yield {
      at: `${path}:${row + 1}`,
      fields: Object.fromEntries(columns.map(([name, list]) => [name, list[row]])),
    };
  }
}

function* fromGroups(groups: readonly [string, unknown[]][], path: string): Generator<LabelledRecord> {
  for (const [group, list] of groups) {
    for (const [i, item] of list.entries()) {
      const { at, fields } = recordFrom(item, `${path}: ${group}:${i + 1}`);
      yield { at, fields: { [GROUP]: group, ...fields } };
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
