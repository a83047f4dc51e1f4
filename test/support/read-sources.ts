import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DocumentSource, readDocuments, Skipped, type SourceDocument } from '../../indexer/index.js';
import { tempFolder } from './temp-folder.js';

/** What was read, and what was left out. */
export interface Read {
  documents: SourceDocument[];
  skipped: Skipped;
}

/** Writes files into a new folder, whose path it returns. */
export function writeFiles(files: Record<string, string | Buffer>): string {
  const base = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), content);
  }
  return base;
}

/** Reads all documents of a source. */
export async function readSource(source: DocumentSource): Promise<Read> {
  const skipped = new Skipped();
  const documents: SourceDocument[] = [];
  for await (const document of readDocuments(source, skipped)) documents.push(document);
  return { documents, skipped };
}

/** Writes files and reads them, all of them where `source` names none. */
export async function read(
  files: Record<string, string | Buffer>,
  source: Partial<DocumentSource> = {},
): Promise<Read> {
  return readSource({ files: Object.keys(files), base: writeFiles(files), ...source });
}

/** Writes what a query of DuckDB's yields to a Parquet file, and returns its path. */
export async function writeParquet(query: string, name = 'p.parquet'): Promise<string> {
  const path = join(tempFolder(), name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  connection.closeSync();
  instance.closeSync();
  return path;
}
