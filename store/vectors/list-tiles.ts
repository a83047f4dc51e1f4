import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { VECTOR_FORMATS } from './format.js';
import { UNFINISHED } from './ivf-writer.js';
import { openVectorFile } from './vector-file.js';

/** A FAISS `IndexFlatIP` of one dim more than the vectors: the mean of every tile, and behind it how many rows it has. */
const TILES = 'ivf-tiles.faiss';

/**
 * Writes what is known of the tiles of a folder's clustered files: that there is such a file says that these are whole.
 *
 * @param means `(tiles, dims + 1)` row-major, in the order of files, lists and tiles: the mean vector of a tile, and its rows
 */
export function writeListTiles(folder: string, means: Float32Array, dims: number): void {
  const { encodeHeader, encode } = VECTOR_FORMATS.fp32;
  const file = join(folder, TILES);
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    writeSync(fd, encodeHeader({ dims: dims + 1, rows: means.length / (dims + 1) }));
    const bytes = encode(means);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(file + UNFINISHED, file);
}

/**
 * Reads the tiles of a folder's clustered files, `(tiles, dims + 1)` as they were written; undefined where there are none.
 *
 * @throws DataError naming the file where it is damaged, or of other vectors
 */
export function readListTiles(folder: string, dims: number): Float32Array | undefined {
  const file = join(folder, TILES);
  if (!existsSync(file)) return undefined;
  const reader = openVectorFile(file);
  try {
    if (reader.dims !== dims + 1) {
      throw new DataError(
        `${file} has tiles of ${reader.dims - 1} dims for vectors of ${dims}. Cluster the corpus again.`,
      );
    }
    const means = new Float32Array(reader.rows * reader.dims);
    reader.read(0, reader.rows, means);
    return means;
  } finally {
    reader.close();
  }
}

/** Whether a folder has clustered files that are whole. */
export function hasListTiles(folder: string): boolean {
  return existsSync(join(folder, TILES));
}

/** Removes the tiles of a folder's clustered files. */
export function removeListTiles(folder: string): void {
  rmSync(join(folder, TILES), { force: true });
}
