import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';
import { decodeHeader, HEADER_BYTES } from './faiss-flat.js';
import { CENTROIDS_AT, FOURCC, ID_BYTES, type IvfHeader, MIDDLE_BYTES } from './faiss-ivf.js';

const INT32_MAX = 2 ** 31 - 1;
/** Node refuses to read 2 GiB at once. */
const MOST_BYTES = 1 << 30;

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
    const n = readSync(fd, into, got, Math.min(MOST_BYTES, into.length - got), position + got);
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
