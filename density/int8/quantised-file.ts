import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DataError, UNFINISHED, type VectorReader } from '../../store/index.js';
import { type NumberedTile, quantise } from './quantise.js';
import { tileBytes, tileOver } from './quantised-tile.js';
import { stretchesOf } from './stretch.js';

/*
 * A file, little-endian: magic (8 bytes), uint32 version, dims, checksum of the vectors that it was made from and CRC-32 of the
 * tiles; int64 rows, seed; then the tiles.
 */
const MAGIC = 'DENSINT8';
const VERSION = 2;
const AT = { version: 8, dims: 12, source: 16, checksum: 20, rows: 24, seed: 32 };
const HEADER_BYTES = 40;
/** An unfinished file that has not grown for this long is nobody's. */
const ABANDONED_MS = 60_000;
const BLOCK_BYTES = 1 << 20;

/** Files whose checksum this process has compared, as they were then. */
const compared = new Map<string, string>();

/** What a file of quantised vectors is made from. */
export interface QuantisedSource {
  reader: VectorReader;
  rows: number;
  /** Of the vectors, so that a file made from others is noticed. */
  checksum: number;
  seed: number;
}

/** Why a file may not be written that can be done without: a folder that is only read, a full disk. */
const CANNOT_WRITE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

/**
 * The file of a corpus's quantised vectors, beside its vector files. One that is not there, was made from other vectors, with
 * another seed, or is damaged, is made again; it appears as a whole or not at all.
 *
 * @returns undefined where it cannot be written
 */
export function quantisedFile(folder: string, source: QuantisedSource): string | undefined {
  const file = join(folder, 'quantised.int8');
  try {
    if (!isGood(file, source)) write(file, source);
    return file;
  } catch (error) {
    if (error instanceof Error && 'code' in error && CANNOT_WRITE.includes(String(error.code)))
      return undefined;
    throw error;
  }
}

/**
 * Reads the tiles of a file that `quantisedFile` gave; a tile is valid until the next.
 *
 * @param isWanted whether to read the tile of that index in the file
 */
export function* readTiles(
  file: string,
  rows: number,
  dims: number,
  isWanted: (index: number) => boolean,
): Generator<NumberedTile> {
  const fd = openSync(file, 'r');
  try {
    let [position, index] = [HEADER_BYTES, 0];
    for (const stretch of stretchesOf(rows)) {
      const bytes = tileBytes(stretch.columns, dims);
      const memory = new ArrayBuffer(bytes);
      for (let number = 0; number < stretch.tiles; number++, index++, position += bytes) {
        if (!isWanted(index)) continue;
        const tile = tileOver(memory, 0, stretch, number, dims);
        const got = readSync(fd, tile.bytes, 0, tile.bytes.length, position);
        if (got < tile.bytes.length)
          throw new DataError(`${file} ended while it was read; run again to make it anew.`);
        yield { stretch, number, tile, index };
      }
    }
  } finally {
    closeSync(fd);
  }
}

function isGood(file: string, source: QuantisedSource): boolean {
  if (!existsSync(file)) return false;
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    readSync(fd, head, 0, HEADER_BYTES, 0);
    const expected = header(source, head.readUInt32LE(AT.checksum));
    const { size, mtimeMs, ino } = fstatSync(fd);
    if (!head.equals(expected) || size !== fileBytes(source)) return false;
    const state = `${ino} ${mtimeMs}`;
    if (compared.get(file) === state) return true;
    if (checksumFrom(fd, HEADER_BYTES) !== head.readUInt32LE(AT.checksum)) return false;
    compared.set(file, state);
    return true;
  } finally {
    closeSync(fd);
  }
}

function write(file: string, source: QuantisedSource): void {
  removeLeftovers(file);
  // A name of its own, so that two processes that make the file at once do not write into each other's.
  const unfinished = `${file}.${process.pid}${UNFINISHED}`;
  const fd = openSync(unfinished, 'w');
  try {
    let [checksum, position] = [0, HEADER_BYTES];
    for (const { tile } of quantise(source.reader, source.rows, source.seed)) {
      for (let done = 0; done < tile.bytes.length; ) {
        done += writeSync(fd, tile.bytes, done, tile.bytes.length - done, position + done);
      }
      position += tile.bytes.length;
      checksum = crc32(tile.bytes, checksum);
    }
    writeSync(fd, header(source, checksum), 0, HEADER_BYTES, 0);
    fsyncSync(fd);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** Removes what processes left behind that were killed while they wrote the file. */
function removeLeftovers(file: string): void {
  const [folder, name] = [dirname(file), basename(file)];
  for (const found of readdirSync(folder)) {
    if (!found.startsWith(`${name}.`) || !found.endsWith(UNFINISHED)) continue;
    const path = join(folder, found);
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_MS) rmSync(path, { force: true });
  }
}

function header({ reader, rows, checksum: source, seed }: QuantisedSource, checksum: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(VERSION, AT.version);
  head.writeUInt32LE(reader.dims, AT.dims);
  head.writeUInt32LE(source, AT.source);
  head.writeUInt32LE(checksum, AT.checksum);
  head.writeBigInt64LE(BigInt(rows), AT.rows);
  head.writeBigInt64LE(BigInt(seed), AT.seed);
  return head;
}

function fileBytes({ reader, rows }: QuantisedSource): number {
  return stretchesOf(rows).reduce(
    (bytes, { tiles, columns }) => bytes + tiles * tileBytes(columns, reader.dims),
    HEADER_BYTES,
  );
}

function checksumFrom(fd: number, position: number): number {
  const block = Buffer.alloc(BLOCK_BYTES);
  let checksum = 0;
  for (let at = position; ; ) {
    const got = readSync(fd, block, 0, BLOCK_BYTES, at);
    if (got === 0) return checksum;
    checksum = crc32(block.subarray(0, got), checksum);
    at += got;
  }
}
