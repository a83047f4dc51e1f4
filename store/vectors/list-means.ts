import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import type { IvfHeader } from './faiss-ivf.js';
import { VECTOR_FORMATS } from './format.js';
import { UNFINISHED } from './ivf-writer.js';
import { openVectorFile } from './vector-file.js';

/** A FAISS `IndexFlatIP` of the mean vector of every list of the clustered files beside it. */
const MEANS = 'ivf-means.faiss';

/** Writes the mean vectors of the lists of a folder's clustered files, `(lists, dims)` row-major. */
export function writeListMeans(folder: string, means: Float32Array, dims: number): void {
  const { encodeHeader, encode } = VECTOR_FORMATS.fp32;
  const file = join(folder, MEANS);
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    writeSync(fd, encodeHeader({ dims, rows: means.length / dims }));
    writeSync(fd, encode(means));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(file + UNFINISHED, file);
}

/**
 * Reads the mean vectors of the lists of a folder's clustered files, `(lists, dims)` row-major.
 *
 * @throws DataError where they are missing or of other lists
 */
export function readListMeans(folder: string, { lists, dims }: IvfHeader): Float32Array {
  const file = join(folder, MEANS);
  if (!existsSync(file)) throw new DataError(`${file} is missing. Cluster the corpus again.`);
  const reader = openVectorFile(file);
  try {
    if (reader.rows !== lists || reader.dims !== dims) {
      throw new DataError(
        `${file} has ${reader.rows} means of ${reader.dims} dims for ${lists} lists of ${dims} dims. Cluster the corpus again.`,
      );
    }
    const means = new Float32Array(lists * dims);
    reader.read(0, lists, means);
    return means;
  } finally {
    reader.close();
  }
}

/** Removes them. */
export function removeListMeans(folder: string): void {
  rmSync(join(folder, MEANS), { force: true });
}
