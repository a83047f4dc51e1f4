/** What a file holds, by its name. */
export type Format = 'parquet' | 'jsonl' | 'json' | 'csv' | 'tsv' | 'text';
export type Compression = 'gz' | 'zst';

const FORMATS: Record<string, Format> = {
  parquet: 'parquet',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'tsv',
  txt: 'text',
  md: 'text',
};

/** The endings that can be read, for messages. */
export const READABLE =
  '.parquet, .jsonl, .ndjson, .json, .csv, .tsv, .txt or .md, all but .parquet also with .gz or .zst';

/** The format and compression that a file's name tells; undefined where it is none that can be read. */
export function formatOf(path: string): { format: Format; compression?: Compression } | undefined {
  const [, ending, compression] = /\.([a-z]+)(?:\.(gz|zst))?$/i.exec(withoutQuery(path).toLowerCase()) ?? [];
  const format = FORMATS[ending ?? ''];
  if (!format || (format === 'parquet' && compression)) return undefined;
  return { format, ...((compression === 'gz' || compression === 'zst') && { compression }) };
}

/** Whether a path is one that DuckDB opens over the network. */
export function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/** A remote path without what follows "?", which names no file; a local path as it is. */
export function withoutQuery(path: string): string {
  return /^https?:/i.test(path) ? path.replace(/\?.*$/, '') : path;
}
