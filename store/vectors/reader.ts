import { closeSync, existsSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DataError } from '../errors.js';
import { checksumOf } from './checksum.js';
import { readHeader, readRows, type VectorFormat } from './format.js';
import { partName, type VectorFile } from './writer.js';

/** Reads rows of a folder of vector files as one long matrix. */
export interface VectorReader {
  readonly dims: number;
  readonly rows: number;
  /** CRC-32 of the checksums of all its files, where they were expected and compared. */
  readonly checksum?: number;
  /** Fills `into` with the `(count, dims)` rows from `firstRow` on. */
  read(firstRow: number, count: number, into: Float32Array): void;
  close(): void;
}

/** What the catalogue knows of a folder's files. */
export interface ExpectedVectors {
  /** Rows behind them are not shown; by default all that are there. */
  rows?: number;
  /** Files whose checksums are compared before anything is read. */
  files?: readonly VectorFile[];
}

interface Part {
  fd: number;
  file: string;
  format: VectorFormat;
  firstRow: number;
  rows: number;
}

/**
 * Opens a folder of FAISS vector files, of either precision, for reading.
 *
 * @throws DataError where a part is missing, truncated, of other dims, or not what was written
 */
export function openVectorReader(folder: string, expected: ExpectedVectors = {}): VectorReader {
  const { parts, dims, found } = openParts(folder, expected.rows);
  const rows = expected.rows ?? found;
  try {
    for (const file of expected.files ?? []) verify(parts, file, dims);
  } catch (error) {
    closeAll(parts);
    throw error;
  }
  return {
    dims,
    rows,
    ...(covers(expected.files, rows) && { checksum: checksumOfFiles(expected.files) }),
    read(firstRow, count, into) {
      if (into.length < count * dims) {
        throw new RangeError(`${count} rows of ${dims} dims do not fit into ${into.length} numbers.`);
      }
      if (firstRow < 0 || firstRow + count > rows) {
        throw new RangeError(`Rows ${firstRow} to ${firstRow + count} are outside the ${rows} of ${folder}.`);
      }
      for (const { fd, file, format, ...part } of parts) {
        const from = Math.max(firstRow, part.firstRow);
        const to = Math.min(firstRow + count, part.firstRow + part.rows);
        if (from >= to) continue;
        const position = format.headerBytes + (from - part.firstRow) * dims * format.bytesPerNumber;
        readRows(fd, file, format, position, into.subarray((from - firstRow) * dims, (to - firstRow) * dims));
      }
    },
    close: () => closeAll(parts),
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
      const header = readHeaderOrClose(fd, file);
      parts.push({ fd, file, format: header.format, firstRow: found, rows: header.rows });
      if (dims > 0 && header.dims !== dims) {
        throw new DataError(`${file} has ${header.dims} dims; the parts before it have ${dims}.`);
      }
      dims = header.dims;
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
    closeAll(parts);
    throw error;
  }
}

function readHeaderOrClose(fd: number, file: string): ReturnType<typeof readHeader> {
  try {
    return readHeader(fd, file);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function verify(parts: readonly Part[], { file, rows, crc32 }: VectorFile, dims: number): void {
  const part = parts.find((found) => basename(found.file) === file);
  if (!part || part.rows < rows) return;
  const { fd, format } = part;
  const found = checksumOf(fd, part.file, format.headerBytes, rows * dims * format.bytesPerNumber);
  if (found !== crc32) {
    throw new DataError(
      `${part.file} is damaged: the checksum of its ${rows} vectors is ${hex(found)}, ${hex(crc32)} was written. Restore the file, or index the corpus again.`,
    );
  }
}

function covers(files: ExpectedVectors['files'], rows: number): files is readonly VectorFile[] {
  return files !== undefined && files.reduce((sum, file) => sum + file.rows, 0) === rows;
}

function checksumOfFiles(files: readonly VectorFile[]): number {
  return crc32(files.map(({ file, rows, crc32: checksum }) => `${file} ${rows} ${hex(checksum)}`).join('\n'));
}

const hex = (checksum: number) => checksum.toString(16).padStart(8, '0');

function closeAll(parts: readonly Part[]): void {
  for (const { fd } of parts) closeSync(fd);
}
