import { DataError } from '../../store/index.js';
import type { ChosenColumns } from './columns.js';
import type { SourceDocument, SourceRecord } from './document.js';
import { textOf, valueAt } from './template.js';
import type { UniqueKeys } from './unique-keys.js';

/** Where a record is from. */
interface Origin {
  /** What its file is called. */
  label: string;
  /** Records of the files before. */
  firstRecord: number;
  keys: UniqueKeys;
}

/**
 * The document of a record whose text is known.
 *
 * @throws DataError for an id that is missing or was there before
 */
export function documentFrom(
  record: SourceRecord,
  text: string,
  chosen: ChosenColumns,
  { label, firstRecord, keys }: Origin,
): SourceDocument {
  const at = `${label}:${record.row}`;
  return {
    key: keyOf(record, chosen, at, keys),
    text,
    source: sourceOf(record, chosen, label),
    meta: metaOf(record, chosen),
    record: firstRecord + record.record,
    at,
  };
}

function keyOf({ fields }: SourceRecord, { id }: ChosenColumns, at: string, keys: UniqueKeys): string {
  if (id === undefined) return at;
  const value = valueAt(fields, id);
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
    throw new DataError(
      `${at}: the id in "${id}" is ${JSON.stringify(value ?? null)}. Every record needs one, a text or a number; name another column with --id, or --id row for file and row.`,
    );
  }
  const key = String(value);
  const before = keys.add(key, at);
  if (before === undefined) return key;
  throw new DataError(
    `${at}: the id "${key}" comes twice; it is also at ${before}. Ids must be unique; name another column with --id, or --id row for file and row.`,
  );
}

function sourceOf({ fields }: SourceRecord, { source }: ChosenColumns, label: string): string {
  return (source === undefined ? '' : textOf(valueAt(fields, source))) || label;
}

function metaOf({ fields }: SourceRecord, { meta, metaOf: column }: ChosenColumns): Record<string, unknown> {
  const named = Object.fromEntries(meta.map((name) => [name, valueAt(fields, name) ?? null]));
  const inner = column === undefined ? undefined : valueAt(fields, column);
  if (inner === undefined || inner === null) return named;
  return typeof inner === 'object' && !Array.isArray(inner)
    ? { ...inner, ...named }
    : { [column!]: inner, ...named };
}
