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
  /** A row for each part, `(lists · perList, dims + 1)` row-major: its mean vector, and its share of the points of its list. */
  rows: Float32Array;
}

/** Writes the parts of the lists of a folder's clustered files, of vectors of `dims` dims. */
export function writeListParts(folder: string, { rows }: ListParts, dims: number): void {
  const { encodeHeader, encode } = VECTOR_FORMATS.fp32;
  const file = join(folder, PARTS);
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    writeSync(fd, encodeHeader({ dims: dims + 1, rows: rows.length / (dims + 1) }));
    writeSync(fd, encode(rows));
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
    const parts = new Float32Array(rows * (dims + 1));
    reader.read(0, rows, parts);
    return { perList: rows / lists, rows: parts };
  } finally {
    reader.close();
  }
}

/** Removes them. */
export function removeListParts(folder: string): void {
  rmSync(join(folder, PARTS), { force: true });
}
