import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';
import { decodeHeader, encodeHeader, HEADER_BYTES } from './faiss-flat.js';

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

const FOURCC = 'IwFl';
const CENTROIDS_AT = 53;
/** From the end of the centroids to the first size. */
const MIDDLE_BYTES = 41;
/** A file asks for one list a query unless it is told otherwise, as FAISS itself writes it. */
const NPROBE = 1n;
const INT32_MAX = 2 ** 31 - 1;

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

/**
 * Reads all that stands before the lists of an open `IndexIVFFlat` file, and checks it against the file's size.
 *
 * @returns the header, and where in the file the first list starts
 * @throws DataError naming the file, and what is wrong with it
 */
export function readIvfHeader(fd: number, file: string): IvfHeader & { listsAt: number } {
  const fileBytes = fstatSync(fd).size;
  const take = (position: number, bytes: number): Buffer => {
    if (position + bytes > fileBytes) {
      throw damaged(file, `is truncated: it ends at byte ${fileBytes}, before ${position + bytes}`);
    }
    const into = Buffer.from(new ArrayBuffer(bytes));
    readFully(fd, into, position, file);
    return into;
  };
  const head = take(0, CENTROIDS_AT + HEADER_BYTES);
  if (head.toString('latin1', 0, 4) !== FOURCC) {
    throw new DataError(`${file} is not a FAISS IndexIVFFlat file (it does not start with "${FOURCC}").`);
  }
  const dims = head.readInt32LE(4);
  const rows = Number(head.readBigInt64LE(8));
  const metric = head.readInt32LE(33);
  const lists = Number(head.readBigUInt64LE(37));
  if (metric !== 0) throw new DataError(`${file} has FAISS metric ${metric}; inner product (0) is needed.`);
  if (dims <= 0 || rows < 0 || rows > INT32_MAX || lists < 1 || lists > INT32_MAX) {
    throw damaged(file, `is damaged: ${rows} vectors of ${dims} dims in ${lists} lists cannot be`);
  }
  const quantizer = decodeHeader(head.subarray(CENTROIDS_AT), fileBytes - CENTROIDS_AT, file);
  if (quantizer.dims !== dims || quantizer.rows !== lists) {
    throw damaged(
      file,
      `is damaged: it has ${quantizer.rows} centroids of ${quantizer.dims} dims for ${lists} lists of ${dims} dims`,
    );
  }
  const centroidBytes = lists * dims * Float32Array.BYTES_PER_ELEMENT;
  const centroids = new Float32Array(take(head.length, centroidBytes).buffer);
  const middleAt = head.length + centroidBytes;
  const middle = take(middleAt, MIDDLE_BYTES);
  if (middle.readUInt8(0) !== 0 || middle.readBigUInt64LE(1) !== 0n) {
    throw new DataError(
      `${file} has a direct map; write it without one (FAISS: index.set_direct_map_type(0)).`,
    );
  }
  const kind = middle.toString('latin1', 29, 33);
  if (middle.toString('latin1', 9, 13) !== 'ilar' || (kind !== 'full' && kind !== 'sprs')) {
    throw damaged(file, `is damaged: no lists of the kind "ilar" follow its centroids`);
  }
  const rowBytes = dims * Float32Array.BYTES_PER_ELEMENT;
  if (middle.readBigUInt64LE(13) !== BigInt(lists) || middle.readBigUInt64LE(21) !== BigInt(rowBytes)) {
    throw damaged(file, `is damaged: its lists are not ${lists} lists of ${dims} float32 a vector`);
  }
  const sizesAt = middleAt + MIDDLE_BYTES;
  const numbers = Number(middle.readBigUInt64LE(33));
  if (numbers > 2 * lists) throw damaged(file, `is damaged: it has ${numbers} sizes for ${lists} lists`);
  const stored = new BigUint64Array(take(sizesAt, numbers * ID_BYTES).buffer);
  // FAISS itself would allocate what a damaged size asks for.
  if (stored.some((number) => number > BigInt(Math.max(rows, lists)))) {
    throw damaged(file, `is damaged: one of its lists is larger than the ${rows} vectors that it holds`);
  }
  const sizes = kind === 'full' ? Int32Array.from(stored, Number) : spread(stored, lists, file);
  const listsAt = sizesAt + stored.byteLength;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length !== lists || sizes.some((size) => size < 0) || total !== rows) {
    throw damaged(file, `is damaged: its lists hold ${total} vectors, not ${rows}`);
  }
  const expected = listsAt + rows * (rowBytes + ID_BYTES);
  if (fileBytes < expected) {
    throw damaged(
      file,
      `is truncated: ${rows} vectors of ${dims} dims need ${expected} bytes, it has ${fileBytes}`,
    );
  }
  return { dims, rows, lists, centroids, sizes, listsAt };
}

/** Whether a file starts as an `IndexIVFFlat` file does. */
export function isIvfFile(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const fourcc = Buffer.alloc(4);
    readSync(fd, fourcc, 0, 4, 0);
    return fourcc.toString('latin1') === FOURCC;
  } finally {
    closeSync(fd);
  }
}

/** Opens, reads and closes: see `readIvfHeader`. */
export function readIvfHeaderOf(file: string): IvfHeader {
  const fd = openSync(file, 'r');
  try {
    return readIvfHeader(fd, file);
  } finally {
    closeSync(fd);
  }
}

/**
 * Fills a buffer from a position of an open file.
 *
 * @throws DataError naming the file where it ends before
 */
export function readFully(fd: number, into: Uint8Array, position: number, file: string): void {
  let got = 0;
  while (got < into.length) {
    const n = readSync(fd, into, got, into.length - got, position + got);
    if (n === 0) throw damaged(file, `is truncated: it ended at byte ${position + got} while it was read`);
    got += n;
  }
}

function damaged(file: string, what: string): DataError {
  return new DataError(`${file} ${what}. Cluster the corpus again.`);
}

/** The sizes of all lists, from pairs of a list and its size. */
function spread(pairs: BigUint64Array, lists: number, file: string): Int32Array {
  const sizes = new Int32Array(lists);
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    if (pairs[i]! >= BigInt(lists)) throw damaged(file, `is damaged: it has a list ${pairs[i]} of ${lists}`);
    sizes[Number(pairs[i]!)] = Number(pairs[i + 1]!);
  }
  return sizes;
}
