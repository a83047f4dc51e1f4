import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { HEADER_BYTES, readHeader } from './faiss-flat.js';
import { partName } from './writer.js';

/** Reads rows of a folder of vector files as one long matrix. */
export interface VectorReader {
  readonly dims: number;
  readonly rows: number;
  /** Fills `into` with the `(count, dims)` rows from `firstRow` on. */
  read(firstRow: number, count: number, into: Float32Array): void;
  close(): void;
}

interface Part {
  fd: number;
  file: string;
  firstRow: number;
  rows: number;
}

/**
 * Opens a folder of FAISS flat files for reading.
 *
 * @param expectedRows rows that the catalogue knows of; rows behind them are not shown
 * @throws DataError where a part is missing, truncated or of other dims
 */
export function openVectorReader(folder: string, expectedRows?: number): VectorReader {
  const { parts, dims, found } = openParts(folder, expectedRows);
  const rows = expectedRows ?? found;
  return {
    dims,
    rows,
    read(firstRow, count, into) {
      if (into.length < count * dims) {
        throw new RangeError(`${count} rows of ${dims} dims do not fit into ${into.length} numbers.`);
      }
      if (firstRow < 0 || firstRow + count > rows) {
        throw new RangeError(`Rows ${firstRow} to ${firstRow + count} are outside the ${rows} of ${folder}.`);
      }
      for (const part of parts) {
        const from = Math.max(firstRow, part.firstRow);
        const to = Math.min(firstRow + count, part.firstRow + part.rows);
        if (from >= to) continue;
        readRows(
          part,
          from - part.firstRow,
          into.subarray((from - firstRow) * dims, (to - firstRow) * dims),
          dims,
        );
      }
    },
    close() {
      for (const part of parts) closeSync(part.fd);
    },
  };
}

/** Opens parts in order until `expectedRows` are found: a part behind them is one that was never committed. */
function openParts(folder: string, expectedRows = Number.POSITIVE_INFINITY) {
  const parts: Part[] = [];
  let dims = 0;
  let found = 0;
  try {
    for (let number = 0; number === 0 || found < expectedRows; number++) {
      const file = join(folder, partName(number));
      if (!existsSync(file)) break;
      const fd = openSync(file, 'r');
      const part = { fd, file, firstRow: found, rows: 0 };
      parts.push(part);
      const header = readHeader(fd, file);
      if (dims > 0 && header.dims !== dims) {
        throw new DataError(`${file} has ${header.dims} dims; the parts before it have ${dims}.`);
      }
      dims = header.dims;
      part.rows = header.rows;
      found += header.rows;
    }
    if (parts.length === 0) throw new DataError(`${folder} has no vector files. Index the corpus again.`);
    if (found < expectedRows && expectedRows < Number.POSITIVE_INFINITY) {
      throw new DataError(
        `${folder} holds ${found} vectors in ${parts.length} parts; the catalogue has ${expectedRows}. Index the corpus again.`,
      );
    }
    return { parts, dims, found };
  } catch (error) {
    for (const part of parts) closeSync(part.fd);
    throw error;
  }
}

function readRows(part: Part, row: number, into: Float32Array, dims: number): void {
  const bytes = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
  const position = HEADER_BYTES + row * dims * Float32Array.BYTES_PER_ELEMENT;
  let got = 0;
  while (got < bytes.length) {
    const n = readSync(part.fd, bytes, got, bytes.length - got, position + got);
    if (n === 0)
      throw new DataError(`${part.file} ended while its row ${row} was read; index the corpus again.`);
    got += n;
  }
}
