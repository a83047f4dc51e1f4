import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DataError,
  ivfName,
  readIvfHeaderOf,
  readListTiles,
  removeListTiles,
  UNFINISHED,
} from '../../store/index.js';

const SAMPLE = `ivf-sample${UNFINISHED}`;

/** Where the sample is written that does not fit into memory. */
export function sampleFile(folder: string): string {
  return join(folder, SAMPLE);
}

/** The clustered files of a folder, as far as their tiles are known: what lies behind was left by a killed process. */
export interface ClusteredFiles {
  /** How many there are. */
  count: number;
  /** Rows in all of them. */
  rows: number;
  /** `(lists, dims)` row-major, the same in all files. */
  centroids: Float32Array;
  lists: number;
  dims: number;
  /** `(tiles, dims + 1)` row-major, as `writeListTiles` takes them. */
  means: Float32Array;
}

/**
 * Reads the headers of the clustered files of a folder.
 *
 * @throws DataError where there are none that are whole, one is damaged, or they do not belong together
 */
export function readClusteredFiles(folder: string): ClusteredFiles {
  const first = join(folder, ivfName(0));
  const header = existsSync(first) ? readIvfHeaderOf(first) : undefined;
  const means = header && readListTiles(folder, header.dims);
  if (!means) throw new DataError(`${folder} has no clustered files to extend. Cluster the corpus first.`);
  const { centroids, lists, dims } = header;
  let tiled = 0;
  for (let at = dims; at < means.length; at += dims + 1) tiled += means[at]!;
  for (let count = 0, rows = 0; ; count++) {
    if (rows === tiled) return { count, rows, centroids, lists, dims, means };
    const file = join(folder, ivfName(count));
    if (rows > tiled || !existsSync(file)) {
      throw new DataError(
        `${folder} has clustered files of ${rows} vectors, and tiles of ${tiled}. Cluster the corpus again.`,
      );
    }
    const other = readIvfHeaderOf(file);
    if (other.dims !== dims || !sameNumbers(other.centroids, centroids)) {
      throw new DataError(`${file} has other centroids than ${first}. Cluster the corpus again.`);
    }
    rows += other.rows;
  }
}

/** Removes what a killed process left unfinished. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^ivf-.*\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Removes all clustered files; first of all their tiles, without which no others are taken for whole. */
export function removeClusteredFiles(folder: string): void {
  removeListTiles(folder);
  keepClusteredFiles(folder, 0);
}

/** Removes all clustered files but the first `count`, the last first. */
export function keepClusteredFiles(folder: string, count: number): void {
  const names = readdirSync(folder).filter((name) => /^ivf-\d{5,}\.faiss$/.test(name));
  for (const name of names.sort().slice(count).reverse()) rmSync(join(folder, name));
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}
