import { closeSync, fsyncSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataError, UNFINISHED, UsageError } from '../../store/index.js';
import { counterBytes, MOST_BITS, requireSame, type SketchSettings } from './settings.js';
import { openSketch, type Sketch } from './sketch.js';

/*
 * A file, little-endian: magic (8 bytes), then uint32 version, dims, bits, rows; int64 seed, n; uint32 CRC-32 of all
 * but itself, uint32 bytes of the embedder's JSON; that JSON; the counters, int32 `(rows, 2^bits)`.
 */
const MAGIC = 'RACE-SRP';
const VERSION = 1;
const AT = { version: 8, dims: 12, bits: 16, rows: 20, seed: 24, n: 32, checksum: 40, embedder: 44 };
const HEADER_BYTES = 48;
const BLOCK_BYTES = 1 << 24;
const MOST_EMBEDDER_BYTES = 1 << 16;

/** Writes a sketch to a file, which is there as a whole or not at all. */
export function writeSketch(file: string, { settings, n, counts }: Sketch): void {
  const { dims, bits, rows, seed, embedder } = settings;
  const json = Buffer.from(embedder ? JSON.stringify(embedder) : '');
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(VERSION, AT.version);
  head.writeUInt32LE(dims, AT.dims);
  head.writeUInt32LE(bits, AT.bits);
  head.writeUInt32LE(rows, AT.rows);
  head.writeBigInt64LE(BigInt(seed), AT.seed);
  head.writeBigInt64LE(BigInt(n), AT.n);
  head.writeUInt32LE(json.length, AT.embedder);
  const blocks = blocksOf(counts);
  // The checksum's own place is 0 while it is taken.
  head.writeUInt32LE(
    [head, json, ...blocks].reduce((sum, part) => crc32(part, sum), 0),
    AT.checksum,
  );
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    for (const part of [head, json, ...blocks]) {
      for (let done = 0; done < part.length; ) done += writeSync(fd, part, done);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(file + UNFINISHED, file);
}

/**
 * Reads a sketch from a file.
 *
 * @param expected settings that it must have
 * @throws UsageError where there is no such file
 * @throws DataError for a file that is no sketch, is damaged, or has other settings
 */
export function readSketch(file: string, expected: Partial<SketchSettings> = {}): Sketch {
  const fd = openToRead(file);
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const found = readSync(fd, head, 0, HEADER_BYTES, 0);
    if (found < MAGIC.length || head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      throw new DataError(`${file} is not a sketch: it does not begin with ${MAGIC}.`);
    }
    const { version, n, checksum, embedderBytes, ...settings } = parseHead(head);
    if (version !== VERSION) {
      throw new DataError(`${file} is a sketch of version ${version}; this program reads ${VERSION}.`);
    }
    const { dims, bits, rows } = settings;
    const size = HEADER_BYTES + embedderBytes + counterBytes({ bits, rows });
    const actual = statSync(file).size;
    if (actual !== size || bits > MOST_BITS || embedderBytes > MOST_EMBEDDER_BYTES) {
      throw damaged(
        file,
        `it has ${actual} bytes, and a sketch of ${rows} rows of 2^${bits} counters has ${size}`,
      );
    }
    const json = Buffer.alloc(embedderBytes);
    const counts = new Int32Array(rows * 2 ** bits);
    head.writeUInt32LE(0, AT.checksum);
    let [sum, position] = [crc32(head), HEADER_BYTES];
    for (const part of [json, ...blocksOf(counts)]) {
      for (let done = 0; done < part.length; ) {
        const bytes = readSync(fd, part, done, part.length - done, position + done);
        if (bytes === 0) throw damaged(file, 'it ends early');
        done += bytes;
      }
      position += part.length;
      sum = crc32(part, sum);
    }
    if (sum !== checksum) throw damaged(file, `its checksum is ${sum}, and ${checksum} is written in it`);
    const embedder =
      json.length > 0 ? (JSON.parse(json.toString()) as SketchSettings['embedder']) : undefined;
    const sketch = openSketch({ ...settings, dims, ...(embedder && { embedder }) }, { n, counts });
    requireSame({ ...sketch.settings, ...expected }, sketch.settings, file);
    return sketch;
  } finally {
    closeSync(fd);
  }
}

function parseHead(head: Buffer) {
  return {
    version: head.readUInt32LE(AT.version),
    dims: head.readUInt32LE(AT.dims),
    bits: head.readUInt32LE(AT.bits),
    rows: head.readUInt32LE(AT.rows),
    seed: Number(head.readBigInt64LE(AT.seed)),
    n: Number(head.readBigInt64LE(AT.n)),
    checksum: head.readUInt32LE(AT.checksum),
    embedderBytes: head.readUInt32LE(AT.embedder),
  };
}

/** The counters' own bytes, in parts that can be read and written. */
function blocksOf(counts: Int32Array): Buffer[] {
  return Array.from({ length: Math.ceil(counts.byteLength / BLOCK_BYTES) }, (_, block) => {
    const from = block * BLOCK_BYTES;
    return Buffer.from(
      counts.buffer,
      counts.byteOffset + from,
      Math.min(BLOCK_BYTES, counts.byteLength - from),
    );
  });
}

function openToRead(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function damaged(file: string, why: string): DataError {
  return new DataError(`${file} is damaged: ${why}. Make it again, or fetch it again.`);
}
