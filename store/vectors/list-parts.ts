import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import type { IvfHeader } from './faiss-ivf.js';
import { VECTOR_FORMATS } from './format.js';
import { UNFINISHED } from './ivf-writer.js';
import { openVectorFile } from './vector-file.js';

/** A FAISS `IndexFlatIP` of one dim more than the vectors: the mean of every part, and behind it the part's share of its list. */
const PARTS = 'ivf-parts.faiss';

/** What is known of the points of each list: it is divided into parts, as many in every list, some of which may be empty. */
export interface ListParts {
  perList: number;
  /** The mean vector of each part, `(lists · perList, dims)` row-major. */
  means: Float32Array;
  /** The part's share of the points of its list. */
  shares: Float32Array;
}

/** Writes the parts of the lists of a folder's clustered files. */
export function writeListParts(folder: string, { means, shares }: ListParts): void {
  const { encodeHeader, encode } = VECTOR_FORMATS.fp32;
  const rows = shares.length;
  const dims = means.length / rows;
  const both = new Float32Array(rows * (dims + 1));
  for (let row = 0; row < rows; row++) {
    both.set(means.subarray(row * dims, (row + 1) * dims), row * (dims + 1));
    both[row * (dims + 1) + dims] = shares[row]!;
  }
  const file = join(folder, PARTS);
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    writeSync(fd, encodeHeader({ dims: dims + 1, rows }));
    writeSync(fd, encode(both));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(file + UNFINISHED, file);
}

/**
 * Reads the parts of the lists of a folder's clustered files.
 *
 * @throws DataError where they are missing, damaged or of other lists
 */
export function readListParts(folder: string, { lists, dims }: Pick<IvfHeader, 'lists' | 'dims'>): ListParts {
  const file = join(folder, PARTS);
  if (!existsSync(file)) throw new DataError(`${file} is missing. Cluster the corpus again.`);
  const reader = openVectorFile(file);
  try {
    const { rows } = reader;
    if (rows === 0 || rows % lists !== 0 || reader.dims !== dims + 1) {
      throw new DataError(
        `${file} has ${rows} parts of ${reader.dims - 1} dims for ${lists} lists of ${dims} dims. Cluster the corpus again.`,
      );
    }
    const both = new Float32Array(rows * (dims + 1));
    reader.read(0, rows, both);
    const means = new Float32Array(rows * dims);
    const shares = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const at = row * (dims + 1);
      means.set(both.subarray(at, at + dims), row * dims);
      shares[row] = both[at + dims]!;
    }
    return { perList: rows / lists, means, shares };
  } finally {
    reader.close();
  }
}

/** Removes them. */
export function removeListParts(folder: string): void {
  rmSync(join(folder, PARTS), { force: true });
}
