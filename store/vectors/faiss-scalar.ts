import { DataError } from '../errors.js';
import type { FlatHeader } from './faiss-flat.js';

/**
 * The header of a FAISS `IndexScalarQuantizer` file of half floats (faiss/impl/index_write.cpp, read and written by
 * 1.7), little-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | "IxSQ" |
 * | 4–36 | dims, number of vectors, two unused, is trained, metric: as in a flat index |
 * | 37–40 | quantizer, int32: 4 is fp16 |
 * | 41–48 | range statistic, int32, and its argument, float32: unused |
 * | 49–56 | dims, uint64 |
 * | 57–64 | bytes of a vector, uint64 |
 * | 65–72 | trained numbers, uint64: 0 |
 * | 73–80 | bytes that follow, uint64 |
 *
 * and then the vectors, half floats, row by row.
 */
export const SCALAR_HEADER_BYTES = 81;

const FOURCC = 'IxSQ';
const UNUSED = 1n << 20n;
const FP16 = 4;
const HALF_BYTES = 2;

/** The 81 bytes that start an `IndexScalarQuantizer` file of `rows` vectors. */
export function encodeScalarHeader({ dims, rows }: FlatHeader): Buffer {
  const header = Buffer.alloc(SCALAR_HEADER_BYTES);
  header.write(FOURCC, 0, 'latin1');
  header.writeInt32LE(dims, 4);
  header.writeBigInt64LE(BigInt(rows), 8);
  header.writeBigInt64LE(UNUSED, 16);
  header.writeBigInt64LE(UNUSED, 24);
  header.writeUInt8(1, 32);
  header.writeInt32LE(FP16, 37);
  header.writeBigUInt64LE(BigInt(dims), 49);
  header.writeBigUInt64LE(BigInt(dims * HALF_BYTES), 57);
  header.writeBigUInt64LE(BigInt(rows) * BigInt(dims * HALF_BYTES), 73);
  return header;
}

/**
 * Reads the header of an `IndexScalarQuantizer` file and checks it against the file's size.
 *
 * @throws DataError naming the file, and what is wrong with it
 */
export function decodeScalarHeader(header: Buffer, fileBytes: number, file: string): FlatHeader {
  const dims = header.readInt32LE(4);
  const rows = Number(header.readBigInt64LE(8));
  const [metric, quantizer] = [header.readInt32LE(33), header.readInt32LE(37)];
  if (header.toString('latin1', 0, 4) !== FOURCC || metric !== 0 || quantizer !== FP16) {
    throw new DataError(
      `${file} is not a FAISS IndexScalarQuantizer file of half floats with inner product (metric ${metric}, quantizer ${quantizer}).`,
    );
  }
  const expected = SCALAR_HEADER_BYTES + rows * dims * HALF_BYTES;
  if (dims <= 0 || rows < 0 || fileBytes < expected) {
    throw new DataError(
      `${file} is truncated: ${rows} vectors of ${dims} dims need ${expected} bytes, it has ${fileBytes}. Index the corpus again.`,
    );
  }
  const bytes = header.readBigUInt64LE(73);
  if (bytes !== BigInt(rows) * BigInt(dims * HALF_BYTES) || header.readBigUInt64LE(65) !== 0n) {
    throw new DataError(
      `${file} is damaged: ${rows} vectors of ${dims} dims are not ${bytes} bytes. Index the corpus again.`,
    );
  }
  return { dims, rows };
}
