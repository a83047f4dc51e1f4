import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, ivfName, readIvfHeaderOf, removeListParts, UNFINISHED } from '../../store/index.js';

const SAMPLE = `ivf-sample${UNFINISHED}`;

/** Where the sample is written that does not fit into memory. */
export function sampleFile(folder: string): string {
  return join(folder, SAMPLE);
}

/** The clustered files of a folder. */
export interface ClusteredFiles {
  /** How many there are. */
  count: number;
  /** Rows in all of them. */
  rows: number;
  /** `(lists, dims)` row-major, the same in all files. */
  centroids: Float32Array;
  lists: number;
  dims: number;
}

/**
 * Reads the headers of the clustered files of a folder.
 *
 * @throws DataError where there are none, one is damaged, or they do not belong together
 */
export function readClusteredFiles(folder: string): ClusteredFiles {
  const first = join(folder, ivfName(0));
  if (!existsSync(first)) {
    throw new DataError(`${folder} has no clustered files to extend. Cluster the corpus first.`);
  }
  const { centroids, lists, dims, ...found } = readIvfHeaderOf(first);
  for (let count = 1, rows = found.rows; ; count++) {
    const file = join(folder, ivfName(count));
    if (!existsSync(file)) return { count, rows, centroids, lists, dims };
    const header = readIvfHeaderOf(file);
    if (header.dims !== dims || !sameNumbers(header.centroids, centroids)) {
      throw new DataError(`${file} has other centroids than ${first}. Cluster the corpus again.`);
    }
    rows += header.rows;
  }
}

/** Removes what a killed process left unfinished. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^ivf-.*\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Removes all clustered files, the last first: those left by a killed process are still the first rows of the corpus. */
export function removeClusteredFiles(folder: string): void {
  removeListParts(folder);
  const names = readdirSync(folder).filter((name) => /^ivf-\d{5,}\.faiss$/.test(name));
  for (const name of names.sort().reverse()) rmSync(join(folder, name));
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}
