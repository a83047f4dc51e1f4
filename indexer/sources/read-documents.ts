import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { DataError, UsageError } from '../../store/index.js';
import type { FieldNames, Skipped, SourceDocument, SourceRecord } from './document.js';
import { readJsonLines } from './jsonl.js';
import { readTable, TABLE_FORMATS } from './tables.js';

/** Files to read, and how their fields are named. */
export interface DocumentSource extends FieldNames {
  /** Paths or globs, relative to `base`. */
  files: readonly string[];
  base: string;
}

/**
 * Reads the documents of a corpus or query set, file by file in the order of their names.
 *
 * Records without text, with other than text in the text field, or that cannot be decoded are counted in `skipped`.
 *
 * @throws UsageError for a path that matches no file, or a format that is not known
 * @throws DataError for a field that the first record of a file does not have, or a key that comes twice
 */
export async function* readDocuments(
  source: DocumentSource,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  const keys = new Set<string>();
  for (const file of await filesOf(source)) {
    let first = true;
    for await (const record of recordsOf(file, skipped)) {
      if (first) requireFields(record, source);
      first = false;
      const document = documentFrom(record, source, skipped);
      if (!document) continue;
      if (keys.has(document.key)) {
        throw new DataError(
          `${file}:${record.row}: the id "${document.key}" comes twice. Ids must be unique; name another field with "id".`,
        );
      }
      keys.add(document.key);
      yield document;
    }
  }
}

/** The files that match, in the order they are read. */
export async function filesOf({ files, base }: Pick<DocumentSource, 'files' | 'base'>): Promise<string[]> {
  const found: string[] = [];
  for (const pattern of files) {
    const matches = await glob(pattern, {
      cwd: base,
      absolute: true,
      onlyFiles: true,
      expandDirectories: true,
    });
    if (matches.length === 0) {
      throw new UsageError(`No file matches "${pattern}" (looked in ${resolve(base)}).`);
    }
    found.push(...matches.sort());
  }
  return found;
}

function recordsOf(file: string, skipped: Skipped): AsyncIterable<SourceRecord> {
  const format = extname(file.replace(/\.gz$/, '')).slice(1).toLowerCase();
  if (format === 'jsonl' || format === 'ndjson') return readJsonLines(file, skipped);
  if (format === 'txt' || format === 'md') return readPlainText(file, skipped);
  if (TABLE_FORMATS.includes(format)) return readTable(file, format);
  throw new UsageError(
    `${file}: "${format}" is not a format this reads; use .jsonl, .txt, .md, ${TABLE_FORMATS.map((f) => `.${f}`).join(', ')}.`,
  );
}

async function* readPlainText(file: string, skipped: Skipped): AsyncGenerator<SourceRecord> {
  const bytes = await readFile(file);
  try {
    yield { file, row: 1, fields: { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) } };
  } catch {
    skipped.add('with invalid UTF-8', file, 1);
  }
}

function requireFields({ file, fields }: SourceRecord, names: FieldNames): void {
  const wanted = { text: names.text ?? 'text', id: names.id, source: names.source };
  for (const [what, field] of Object.entries(wanted)) {
    if (field === undefined || field in fields) continue;
    throw new DataError(
      `${file} has no field "${field}" for the ${what}; it has: ${Object.keys(fields).join(', ')}. Name the right one with "${what}".`,
    );
  }
}

function documentFrom(
  { file, row, fields }: SourceRecord,
  names: FieldNames,
  skipped: Skipped,
): SourceDocument | undefined {
  const text = fields[names.text ?? 'text'];
  if (typeof text !== 'string') {
    skipped.add('without text', file, row);
    return undefined;
  }
  if (text.trim() === '') {
    skipped.add('with empty text', file, row);
    return undefined;
  }
  const meta = Object.fromEntries((names.meta ?? []).map((field) => [field, fields[field] ?? null]));
  return {
    text,
    key: names.id ? String(fields[names.id]) : `${basename(file)}:${row}`,
    source: names.source ? String(fields[names.source]) : basename(file),
    meta,
  };
}
