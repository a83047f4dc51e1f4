import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { VectorReader } from '../../store/index.js';
import { randomStream } from './streams.js';

/** Node refuses to write 2 GiB at once. */
const MOST_BYTES = 1 << 28;

// Numbers of random streams; files have theirs from 0 on.
const SAMPLE = -2;
export const START = -3;

/** Rows that k-means goes through again and again. */
export interface Sample {
  readonly dims: number;
  readonly rows: number;
  /** The `(count, dims)` rows from `first` on; valid until the next call. */
  tile(first: number, count: number): Float32Array;
  close(): void;
}

/**
 * The numbers of `count` of `rows` rows in ascending order, each set of rows as likely as any other
 * (Knuth, The Art of Computer Programming 3.4.2, algorithm S).
 */
export function* drawRows(rows: number, count: number, random: () => number): Generator<number> {
  let wanted = count;
  for (let row = 0; row < rows && wanted > 0; row++) {
    if (random() * (rows - row) < wanted) {
      wanted--;
      yield row;
    }
  }
}

/**
 * Draws a sample of rows, into memory where it fits and else into a file.
 *
 * @param memory to hold the sample, or the rows on their way into the file
 * @param file written where the sample is larger than `memory`; `close` removes it
 */
export function drawSample(
  reader: VectorReader,
  count: number,
  seed: number,
  memory: Float32Array,
  file: string,
): Sample {
  const { dims } = reader;
  if (count * dims <= memory.length) {
    readDrawn(memory, () => {});
    return inMemory(memory.subarray(0, count * dims), dims);
  }
  const fd = openSync(file, 'w+');
  try {
    readDrawn(memory, (vectors) => writeAll(fd, vectors));
  } catch (error) {
    close();
    throw error;
  }
  return {
    dims,
    rows: count,
    tile(first, rows) {
      const tile = memory.subarray(0, rows * dims);
      readAll(fd, tile, first * dims * Float32Array.BYTES_PER_ELEMENT);
      return tile;
    },
    close,
  };

  function close(): void {
    closeSync(fd);
    rmSync(file, { force: true });
  }

  /** Reads the sample into memory, and hands over what is there whenever it is full, and at the end. */
  function readDrawn(memory: Float32Array, full: (vectors: Float32Array) => void): void {
    const held = Math.floor(memory.length / dims);
    let filled = 0;
    for (const row of drawRows(reader.rows, count, randomStream(seed, SAMPLE))) {
      if (filled === held) {
        full(memory.subarray(0, held * dims));
        filled = 0;
      }
      reader.read(row, 1, memory.subarray(filled * dims, (filled + 1) * dims));
      filled++;
    }
    full(memory.subarray(0, filled * dims));
  }
}

/** All rows of a matrix in memory, `(rows, dims)` row-major. */
export function inMemory(vectors: Float32Array, dims: number): Sample {
  return {
    dims,
    rows: vectors.length / dims,
    tile: (first, count) => vectors.subarray(first * dims, (first + count) * dims),
    close() {},
  };
}

function writeAll(fd: number, numbers: Float32Array): void {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  for (let from = 0; from < bytes.length; ) {
    from += writeSync(fd, bytes, from, Math.min(MOST_BYTES, bytes.length - from));
  }
}

function readAll(fd: number, into: Float32Array, position: number): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  for (let got = 0; got < bytes.length; ) {
    const n = readSync(fd, bytes, got, bytes.length - got, position + got);
    if (n === 0) throw new Error('The sample of vectors was cut off while it was in use.');
    got += n;
  }
}
