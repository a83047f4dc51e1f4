import { closeSync, existsSync, openSync } from 'node:fs';
import { DataError } from '../errors.js';
import { ID_BYTES, type IvfHeader } from './faiss-ivf.js';
import { readFully, readIvfHeader } from './ivf-header.js';

/** Reads the lists of one clustered vector file. */
export interface IvfReader extends Readonly<IvfHeader> {
  readonly file: string;
  /**
   * Reads a list, or a stretch of it: one read for the vectors, and one for the ids where they are asked for.
   *
   * @param vectors is filled with `(count, dims)` rows
   * @param ids is filled with the row numbers of these in the corpus, where it is given
   * @param first where in the list to start; 0 by default
   * @param count how many to read; all the rest by default
   * @returns how many were read
   * @throws RangeError where there is no such stretch, or it does not fit
   * @throws DataError naming the file where it is damaged
   */
  readList(
    list: number,
    vectors: Float32Array,
    ids: Int32Array | undefined,
    first?: number,
    count?: number,
  ): number;
  close(): void;
}

/**
 * Opens a FAISS `IndexIVFFlat` file of inner products.
 *
 * @throws DataError naming the file where it is missing, not one, damaged or truncated
 */
export function openIvfReader(file: string): IvfReader {
  if (!existsSync(file)) throw new DataError(`${file} is missing.`);
  const fd = openSync(file, 'r');
  try {
    const { listsAt, ...header } = readIvfHeader(fd, file);
    return { file, ...header, ...listsOf(fd, file, header, listsAt) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function listsOf(fd: number, file: string, { dims, sizes }: IvfHeader, listsAt: number) {
  const rowBytes = dims * Float32Array.BYTES_PER_ELEMENT;
  const starts = new Float64Array(sizes.length);
  let position = listsAt;
  sizes.forEach((size, list) => {
    starts[list] = position;
    position += size * (rowBytes + ID_BYTES);
  });
  // The halves of the int64 ids, low first.
  let halves = new Int32Array(0);
  return {
    readList(
      list: number,
      vectors: Float32Array,
      ids: Int32Array | undefined,
      first = 0,
      count = (sizes[list] ?? 0) - first,
    ): number {
      const size = sizes[list];
      if (size === undefined) throw new RangeError(`${file} has no list ${list}; it has ${sizes.length}.`);
      if (first < 0 || count < 0 || first + count > size) {
        throw new RangeError(`${first} to ${first + count} is outside the ${size} vectors of list ${list}.`);
      }
      if (vectors.length < count * dims || (ids && ids.length < count)) {
        throw new RangeError(
          `${count} vectors of ${dims} dims and their ids do not fit where they should go.`,
        );
      }
      readFully(
        fd,
        new Uint8Array(vectors.buffer, vectors.byteOffset, count * rowBytes),
        starts[list]! + first * rowBytes,
        file,
      );
      if (!ids) return count;
      if (halves.length < 2 * count) halves = new Int32Array(2 * count);
      readFully(
        fd,
        new Uint8Array(halves.buffer, 0, count * ID_BYTES),
        starts[list]! + size * rowBytes + first * ID_BYTES,
        file,
      );
      for (let i = 0; i < count; i++) {
        ids[i] = halves[2 * i]!;
        if (halves[2 * i + 1] !== 0 || ids[i]! < 0) {
          throw new DataError(
            `${file} is damaged: list ${list} has an id that is no row number. Cluster the corpus again.`,
          );
        }
      }
      return count;
    },
    close() {
      closeSync(fd);
    },
  };
}
