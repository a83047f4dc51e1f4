import { encodeHeader } from './faiss-flat.js';

/**
 * What stands before the lists of a FAISS `IndexIVFFlat` file of inner products (faiss/impl/index_write.cpp, versions
 * 1.5 to 1.11), little-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | "IwFl" |
 * | 4–36 | as in an `IndexFlatIP` file: dims, number of vectors, unused, is trained, metric |
 * | 37–44 | number of lists, uint64 |
 * | 45–52 | nprobe, uint64 |
 * | 53– | the centroids, as a whole `IndexFlatIP` file |
 * | 9 | no direct map: type 0, uint8, and 0 entries, uint64 |
 * | 20 | "ilar", number of lists, uint64, bytes of a vector, uint64 |
 * | 4 | "full": the size of every list follows; "sprs": (list, size) of those that are not empty |
 * | 8 | how many numbers follow, uint64 |
 * | | the sizes, uint64 |
 *
 * and then for every list its vectors, float32, and their ids, int64.
 */
export interface IvfHeader {
  dims: number;
  rows: number;
  lists: number;
  /** `(lists, dims)` row-major. */
  centroids: Float32Array;
  /** Vectors in each list. */
  sizes: Int32Array;
}

export const ID_BYTES = BigInt64Array.BYTES_PER_ELEMENT;

export const FOURCC = 'IwFl';
/** Where the centroids start. */
export const CENTROIDS_AT = 53;
/** From the end of the centroids to the first size. */
export const MIDDLE_BYTES = 41;
/** A file asks for one list a query unless it is told otherwise, as FAISS itself writes it. */
const NPROBE = 1n;

/** All that stands before the lists; FAISS would write the same bytes. */
export function encodeIvfHeader({ dims, rows, lists, centroids, sizes }: IvfHeader): Buffer {
  const start = encodeHeader({ dims, rows }).subarray(0, CENTROIDS_AT);
  const head = Buffer.alloc(CENTROIDS_AT);
  start.copy(head, 0, 0, 37);
  head.write(FOURCC, 0, 'latin1');
  head.writeBigUInt64LE(BigInt(lists), 37);
  head.writeBigUInt64LE(NPROBE, 45);
  const filled = sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
  const sparse = filled <= Math.floor(lists / 2);
  const middle = Buffer.alloc(MIDDLE_BYTES);
  middle.write('ilar', 9, 'latin1');
  middle.writeBigUInt64LE(BigInt(lists), 13);
  middle.writeBigUInt64LE(BigInt(dims * Float32Array.BYTES_PER_ELEMENT), 21);
  middle.write(sparse ? 'sprs' : 'full', 29, 'latin1');
  middle.writeBigUInt64LE(BigInt(sparse ? 2 * filled : lists), 33);
  const numbers = sparse
    ? [...sizes].flatMap((size, list) => (size > 0 ? [BigInt(list), BigInt(size)] : []))
    : Array.from(sizes, BigInt);
  return Buffer.concat([
    head,
    encodeHeader({ dims, rows: lists }),
    Buffer.from(centroids.buffer, centroids.byteOffset, centroids.byteLength),
    middle,
    Buffer.from(BigUint64Array.from(numbers).buffer),
  ]);
}
