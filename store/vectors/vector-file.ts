import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';
import { HEADER_BYTES } from './faiss-flat.js';
import { readHeader, readRows, VECTOR_FORMATS } from './format.js';
import type { VectorReader } from './reader.js';

/** A flat index of another metric than inner product has another name and the same layout. */
const OTHER_FLAT = ['IxF2', 'IxFl'];

/**
 * Opens one FAISS file of whole vectors, whoever wrote it: flat, of any metric, or of half floats.
 *
 * @throws DataError naming the file where it is another index, or truncated
 */
export function openVectorFile(file: string): VectorReader {
  const fd = openSync(file, 'r');
  try {
    const { dims, rows, format } = headerOf(fd, file);
    return {
      dims,
      rows,
      read(firstRow, count, into) {
        const position = format.headerBytes + firstRow * dims * format.bytesPerNumber;
        readRows(fd, file, format, position, into.subarray(0, count * dims));
      },
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function headerOf(fd: number, file: string): ReturnType<typeof readHeader> {
  const header = Buffer.alloc(HEADER_BYTES);
  readSync(fd, header, 0, HEADER_BYTES, 0);
  if (!OTHER_FLAT.includes(header.toString('latin1', 0, 4))) return readHeader(fd, file);
  const dims = header.readInt32LE(4);
  const rows = Number(header.readBigInt64LE(8));
  const numbers = Number(header.readBigUInt64LE(37));
  if (numbers !== rows * dims || fstatSync(fd).size < HEADER_BYTES + 4 * numbers) {
    throw new DataError(`${file} is truncated or damaged: it does not hold ${rows} vectors of ${dims} dims.`);
  }
  return { format: VECTOR_FORMATS.fp32, dims, rows };
}
