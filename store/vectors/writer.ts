import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DataError } from '../errors.js';
import { checksumOf } from './checksum.js';
import { type Precision, readHeader, readRows, VECTOR_FORMATS } from './format.js';

/** Appends unit vectors to a folder of FAISS files, `part-00000.faiss` and on. */
export interface VectorWriter {
  /** Rows appended so far, those of before it was opened included. */
  readonly rows: number;
  /**
   * Appends `(rows, dims)` row-major vectors. Nothing is durable before `commit`.
   *
   * @throws DataError naming the row and dim of a number that is not finite
   */
  append(vectors: Float32Array): void;
  /** Fills `into` with a row that was appended, committed or not. */
  readRow(row: number, into: Float32Array): void;
  /** Makes all that was appended durable and visible to readers. Returns the files that are new or grew. */
  commit(): VectorFile[];
  close(): void;
}

/** A vector file with the checksum of its vectors, as the catalogue keeps it. */
export interface VectorFile {
  /** Its name in the folder. */
  file: string;
  rows: number;
  /** CRC-32 of what follows the header. */
  crc32: number;
}

/** Where vectors are written, and in what sizes. */
export interface VectorWriterOptions {
  dims: number;
  /** How the numbers are kept; by default `fp32`. */
  precision?: Precision;
  /** Rows that are known to be good, as the catalogue has them; whatever lies behind them is cut off. */
  keepRows: number;
  /** Rows in one part file; by default 2²⁰ (2 GiB at 512 dims of fp32). */
  rowsPerPart?: number;
}

interface Part extends VectorFile {
  fd: number;
}

const DEFAULT_ROWS_PER_PART = 1 << 20;

/** The file name of the n-th part. */
export function partName(part: number): string {
  return `part-${String(part).padStart(5, '0')}.faiss`;
}

/**
 * Opens a folder of vector files for appending after `keepRows` rows.
 *
 * @throws DataError where the files hold fewer rows than the catalogue has, or other dims
 */
export function openVectorWriter(folder: string, options: VectorWriterOptions): VectorWriter {
  const { dims, keepRows, precision = 'fp32', rowsPerPart = DEFAULT_ROWS_PER_PART } = options;
  const format = VECTOR_FORMATS[precision];
  mkdirSync(folder, { recursive: true });
  const rowBytes = dims * format.bytesPerNumber;
  const lastPart = Math.floor(keepRows / rowsPerPart);
  for (let number = 0; number < lastPart; number++) checkPart(number, rowsPerPart);
  if (keepRows % rowsPerPart > 0) checkPart(lastPart, keepRows % rowsPerPart);
  let rows = keepRows;
  let part = openPart(lastPart, keepRows % rowsPerPart);
  let finished: VectorFile[] = [];
  removePartsAfter(folder, lastPart);

  function openPart(number: number, keep: number): Part {
    const file = join(folder, partName(number));
    const fd = openSync(file, existsSync(file) ? 'r+' : 'w+');
    const checksum = keep > 0 ? checksumOf(fd, file, format.headerBytes, keep * rowBytes) : 0;
    const opened = { file, fd, rows: keep, crc32: checksum };
    // The header before the cut: a header of more rows than the file holds would make the kept rows unreadable.
    writeHeader(opened);
    fsyncSync(fd);
    ftruncateSync(fd, format.headerBytes + keep * rowBytes);
    return opened;
  }

  function checkPart(number: number, keep: number): void {
    const file = join(folder, partName(number));
    if (!existsSync(file)) throw new DataError(`${file} is missing. Index the corpus again.`);
    const fd = openSync(file, 'r');
    try {
      const found = readHeader(fd, file);
      if (found.dims !== dims) throw new DataError(`${file} has ${found.dims} dims; the corpus has ${dims}.`);
      if (found.format !== format) throw new DataError(`${file} is not of ${precision} numbers.`);
      if (found.rows < keep) {
        throw new DataError(
          `${file} has ${found.rows} vectors; the catalogue has ${keep} in it. Index the corpus again.`,
        );
      }
    } finally {
      closeSync(fd);
    }
  }

  function writeHeader(target: Part): void {
    writeSync(target.fd, format.encodeHeader({ dims, rows: target.rows }), 0, format.headerBytes, 0);
  }

  function sync(): void {
    fsyncSync(part.fd);
    writeHeader(part);
    fsyncSync(part.fd);
  }

  return {
    get rows() {
      return rows;
    },
    append(vectors) {
      const count = vectors.length / dims;
      if (!Number.isInteger(count)) {
        throw new RangeError(`${vectors.length} numbers are not a whole number of ${dims}-dim vectors.`);
      }
      checkFinite(vectors, dims, rows);
      let from = 0;
      while (from < count) {
        if (part.rows === rowsPerPart) {
          sync();
          closeSync(part.fd);
          finished.push(recordOf(part));
          part = openPart(Math.floor(rows / rowsPerPart), 0);
        }
        const take = Math.min(count - from, rowsPerPart - part.rows);
        const bytes = format.encode(vectors.subarray(from * dims, (from + take) * dims));
        writeFully(part.fd, bytes, format.headerBytes + part.rows * rowBytes);
        part.crc32 = crc32(bytes, part.crc32);
        part.rows += take;
        rows += take;
        from += take;
      }
    },
    readRow(row, into) {
      if (row < 0 || row >= rows) throw new RangeError(`Row ${row} is outside the ${rows} of ${folder}.`);
      const number = Math.floor(row / rowsPerPart);
      const file = join(folder, partName(number));
      const isLast = file === part.file;
      const fd = isLast ? part.fd : openSync(file, 'r');
      try {
        readRows(fd, file, format, format.headerBytes + (row % rowsPerPart) * rowBytes, into);
      } finally {
        if (!isLast) closeSync(fd);
      }
    },
    commit() {
      sync();
      const changed = [...finished, recordOf(part)];
      finished = [];
      return changed;
    },
    close() {
      closeSync(part.fd);
    },
  };
}

function recordOf({ file, rows, crc32: checksum }: Part): VectorFile {
  return { file: basename(file), rows, crc32: checksum };
}

function writeFully(fd: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

function checkFinite(vectors: Float32Array, dims: number, firstRow: number): void {
  for (let i = 0; i < vectors.length; i++) {
    if (!Number.isFinite(vectors[i]!)) {
      throw new DataError(`Vector ${firstRow + Math.floor(i / dims)} has ${vectors[i]} in dim ${i % dims}.`);
    }
  }
}

function removePartsAfter(folder: string, last: number): void {
  for (const name of readdirSync(folder)) {
    const match = /^part-(\d{5})\.faiss$/.exec(name);
    if (match && Number(match[1]) > last) rmSync(join(folder, name));
  }
}
