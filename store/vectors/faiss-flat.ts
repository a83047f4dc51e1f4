import { DataError } from '../errors.js';

/**
 * The header of a FAISS `IndexFlatIP` file (faiss/impl/index_write.cpp, versions 1.5 to 1.11), little-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | "IxFI" |
 * | 4–7 | dims, int32 |
 * | 8–15 | number of vectors, int64 |
 * | 16–31 | two unused int64, 2²⁰ each |
 * | 32 | is trained, 1 |
 * | 33–36 | metric, int32: 0 is inner product |
 * | 37–44 | number of floats that follow, uint64 |
 *
 * and then the vectors, float32, row by row.
 */
export const HEADER_BYTES = 45;

/** How many vectors of how many dimensions a flat index file holds. */
export interface FlatHeader {
  dims: number;
  rows: number;
}

const FOURCC = 'IxFI';
const UNUSED = 1n << 20n;
const METRIC_INNER_PRODUCT = 0;

/** The 45 bytes that start an `IndexFlatIP` file of `rows` vectors. */
export function encodeHeader({ dims, rows }: FlatHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(FOURCC, 0, 'latin1');
  header.writeInt32LE(dims, 4);
  header.writeBigInt64LE(BigInt(rows), 8);
  header.writeBigInt64LE(UNUSED, 16);
  header.writeBigInt64LE(UNUSED, 24);
  header.writeUInt8(1, 32);
  header.writeInt32LE(METRIC_INNER_PRODUCT, 33);
  header.writeBigUInt64LE(BigInt(rows) * BigInt(dims), 37);
  return header;
}

/**
 * Reads the header of an `IndexFlatIP` file and checks it against the file's size.
 *
 * @throws DataError naming the file, and what is wrong with it
 */
export function decodeHeader(header: Buffer, fileBytes: number, file: string): FlatHeader {
  if (header.toString('latin1', 0, 4) !== FOURCC) {
    throw new DataError(`${file} is not a FAISS IndexFlatIP file (it does not start with "${FOURCC}").`);
  }
  const dims = header.readInt32LE(4);
  const rows = Number(header.readBigInt64LE(8));
  const metric = header.readInt32LE(33);
  if (metric !== METRIC_INNER_PRODUCT) {
    throw new DataError(`${file} has FAISS metric ${metric}; inner product (0) is needed.`);
  }
  const expected = HEADER_BYTES + rows * dims * Float32Array.BYTES_PER_ELEMENT;
  if (dims <= 0 || rows < 0 || fileBytes < expected) {
    throw new DataError(
      `${file} is truncated: ${rows} vectors of ${dims} dims need ${expected} bytes, it has ${fileBytes}. Index the corpus again.`,
    );
  }
  const numbers = header.readBigUInt64LE(37);
  if (numbers !== BigInt(rows) * BigInt(dims)) {
    throw new DataError(
      `${file} is damaged: ${rows} vectors of ${dims} dims are not ${numbers} numbers. Index the corpus again.`,
    );
  }
  return { dims, rows };
}
