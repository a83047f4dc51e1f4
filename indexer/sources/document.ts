import { DataError } from '../../store/index.js';

/** Files to read, how their fields are named, and which of their records are wanted. */
export interface DocumentSource {
  /** Paths, globs, folders, or remote paths that DuckDB opens (s3:// https:// hf:// …). */
  files: readonly string[];
  /** The folder that relative paths are relative to. */
  base: string;
  /** A column, or a template such as "{instruction}\n{output}"; default: the shape that is detected. */
  text?: string | undefined;
  /** A column of unique keys; default, or 'row': file and row. */
  id?: string | undefined;
  /** A column, or the word 'file' (the default) for the file's name. */
  source?: string | undefined;
  /** Columns kept as metadata. */
  meta?: readonly string[];
  /** An SQL condition over the columns, in DuckDB's words. */
  where?: string | undefined;
  /** At most this many documents. */
  limit?: number | undefined;
  /** That many documents, drawn by `seed` (default 1) and kept in order; of the first `limit` where both are given. */
  sample?: number | undefined;
  seed?: number | undefined;
  /** A record that would be skipped is a DataError instead. */
  strict?: boolean | undefined;
}

/** The fields of a record by name. Plain text has the one field `text`. */
export type Fields = Record<string, unknown>;

/** A record as a reader found it. */
export interface SourceRecord {
  /** From 1: the line of JSON lines, as editors count; elsewhere the number of the record. */
  row: number;
  /** From 0, over the records of the file. */
  record: number;
  fields: Fields;
}

/** A text with its key, its source and its metadata. */
export interface SourceDocument {
  key: string;
  text: string;
  source: string;
  meta: Record<string, unknown>;
  /**
   * Number of the record, from 0, over all files, counting also records that are left out (skipped, filtered, not
   * sampled): what a file of vectors aligned by row is aligned to.
   */
  record?: number;
  /** Where it was read, "a.jsonl:4". */
  at?: string;
  /** Unit vector that came with it, where it was embedded elsewhere. */
  vector?: Float32Array;
}

/** Tells that the record in this row is left out, and why. */
export type Skip = (reason: string, row: number) => void;

/** What a reader is asked for. */
export interface ReadOptions {
  /** The columns wanted; a reader may leave others out. */
  columns: readonly string[];
  /** Those of them wanted as numbers or booleans where a CSV file holds such. */
  typed: readonly string[];
  where?: string | undefined;
  skip: Skip;
  /** Kept by the reader: records passed so far, at the end all records of the file. */
  tally: { records: number };
}

/** A file that was looked into and can be read. */
export interface RecordFile {
  path: string;
  /** What it is called in keys, sources and messages. */
  label: string;
  /** Top-level columns; empty where the file has no record. */
  columns: readonly string[];
  /** The first records, with at least these columns. */
  head(columns: readonly string[]): Promise<Fields[]>;
  read(options: ReadOptions): AsyncGenerator<SourceRecord>;
}

/** Records that were left out, by reason, with where the first few are. */
export class Skipped {
  /** Records that the files hold, once all have been read; undefined until then. */
  records: number | undefined;
  readonly #reasons = new Map<string, { count: number; first: string[] }>();

  add(reason: string, file: string, row: number): void {
    const found = this.#reasons.get(reason) ?? { count: 0, first: [] };
    found.count++;
    if (found.first.length < 3) found.first.push(`${file}:${row}`);
    this.#reasons.set(reason, found);
  }

  get count(): number {
    return [...this.#reasons.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** One line a reason: "3 with empty text (a.jsonl:4, a.jsonl:9, …)". */
  lines(): string[] {
    return Array.from(
      this.#reasons,
      ([reason, { count, first }]) =>
        `${count} ${reason} (${first.join(', ')}${count > first.length ? ', …' : ''})`,
    );
  }
}

/** A DataError for a file that is damaged or not what its name says, in the words of what tried to read it. */
export function unreadable(path: string, format: string, words: string): DataError {
  const advice = words.startsWith('Out of Memory')
    ? 'A Parquet file whose row groups are very large can be written anew with smaller ones.'
    : 'If the file was cut short, fetch it again; otherwise mend it or leave it out.';
  return new DataError(`${path} cannot be read as ${format}: ${words} ${advice}`);
}
