import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';
import { decodeHeader, encodeHeader, type FlatHeader, HEADER_BYTES } from './faiss-flat.js';
import { decodeScalarHeader, encodeScalarHeader, SCALAR_HEADER_BYTES } from './faiss-scalar.js';
import { decodeHalf, encodeHalf } from './half.js';

/** How the numbers of a vector file are kept. */
export type Precision = 'fp32' | 'fp16';

/** A kind of FAISS file that vectors are kept in. */
export interface VectorFormat {
  headerBytes: number;
  bytesPerNumber: number;
  encodeHeader(header: FlatHeader): Buffer;
  /** @throws DataError naming the file, and what is wrong with it */
  decodeHeader(header: Buffer, fileBytes: number, file: string): FlatHeader;
  /** The bytes of vectors; for float32 they are the vectors' own memory. */
  encode(vectors: Float32Array): Buffer;
  decode(bytes: Buffer, into: Float32Array): void;
}

const bytesOf = (numbers: Float32Array | Uint16Array) =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** `IndexFlatIP` for fp32, `IndexScalarQuantizer` of half floats for fp16; both of inner products. */
export const VECTOR_FORMATS: Record<Precision, VectorFormat> = {
  fp32: {
    headerBytes: HEADER_BYTES,
    bytesPerNumber: 4,
    encodeHeader,
    decodeHeader,
    encode: bytesOf,
    decode: (bytes, into) => bytes.copy(bytesOf(into)),
  },
  fp16: {
    headerBytes: SCALAR_HEADER_BYTES,
    bytesPerNumber: 2,
    encodeHeader: encodeScalarHeader,
    decodeHeader: decodeScalarHeader,
    encode(vectors) {
      const halves = new Uint16Array(vectors.length);
      encodeHalf(vectors, halves);
      return bytesOf(halves);
    },
    decode(bytes, into) {
      const halves = new Uint16Array(into.length);
      bytes.copy(bytesOf(halves));
      decodeHalf(halves, into);
    },
  },
};

/**
 * Reads and checks the header of an open vector file.
 *
 * @throws DataError naming the file, and what is wrong with it
 */
export function readHeader(fd: number, file: string): FlatHeader & { format: VectorFormat } {
  const header = Buffer.alloc(Math.max(HEADER_BYTES, SCALAR_HEADER_BYTES));
  readSync(fd, header, 0, header.length, 0);
  const format = VECTOR_FORMATS[header.toString('latin1', 0, 4) === 'IxSQ' ? 'fp16' : 'fp32'];
  return { format, ...format.decodeHeader(header, fstatSync(fd).size, file) };
}

/**
 * Reads rows of an open vector file.
 *
 * @param position the first byte
 * @throws DataError where the file ends before `into` is full
 */
export function readRows(
  fd: number,
  file: string,
  format: VectorFormat,
  position: number,
  into: Float32Array,
): void {
  if (format.bytesPerNumber === Float32Array.BYTES_PER_ELEMENT) {
    readFully(fd, file, bytesOf(into), position);
    return;
  }
  const bytes = Buffer.alloc(into.length * format.bytesPerNumber);
  readFully(fd, file, bytes, position);
  format.decode(bytes, into);
}

/**
 * Fills a buffer from a position of a file.
 *
 * @throws DataError where the file ends before
 */
export function readFully(fd: number, file: string, into: Buffer, position: number): void {
  let got = 0;
  while (got < into.length) {
    const n = readSync(fd, into, got, into.length - got, position + got);
    if (n === 0) throw new DataError(`${file} ended while it was read; index the corpus again.`);
    got += n;
  }
}

/** Opens, reads and closes: see `readHeader`. */
export function readHeaderOf(file: string): ReturnType<typeof readHeader> {
  const fd = openSync(file, 'r');
  try {
    return readHeader(fd, file);
  } finally {
    closeSync(fd);
  }
}
