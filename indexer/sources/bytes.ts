import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { unreadable } from './document.js';
import { formatOf } from './format.js';

const CHUNK_BYTES = 1 << 20;
/** A byte-order mark, which some programs write at the start of UTF-8. */
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a file, unpacked where it ends in .gz or .zst, without the byte-order mark.
 *
 * @throws DataError where it cannot be read or unpacked to its end
 */
export async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const { format = 'text', compression } = formatOf(path) ?? {};
  try {
    yield* withoutBom(compression === 'zst' ? unpackZst(path) : openStream(path, compression === 'gz'));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw unreadable(path, compression ? `.${compression}` : format, `${words}.`);
  }
}

/** The first bytes of a file, unpacked; at most one chunk. */
export async function firstBytes(path: string): Promise<Buffer> {
  for await (const chunk of bytesOf(path)) return chunk;
  return Buffer.alloc(0);
}

/** Unpacks a whole file to see that it is not cut short, which DuckDB does not tell. */
export async function checkUnpacks(path: string): Promise<void> {
  for await (const _ of bytesOf(path));
}

function openStream(path: string, gzipped: boolean): AsyncIterable<Buffer> {
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // Whoever iterates hears of a failure; `compose` lets that of a file cut short escape.
  return gzipped ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}

async function* unpackZst(path: string): AsyncGenerator<Buffer> {
  let unpacked: Uint8Array[] = [];
  const stream = new Decompress((chunk) => unpacked.push(chunk));
  for await (const packed of openStream(path, false)) {
    stream.push(packed);
    yield* drain();
  }
  stream.push(new Uint8Array(0), true);
  yield* drain();

  function* drain(): Generator<Buffer> {
    const chunks = unpacked;
    unpacked = [];
    for (const { buffer, byteOffset, byteLength } of chunks) {
      if (byteLength > 0) yield Buffer.from(buffer, byteOffset, byteLength);
    }
  }
}

async function* withoutBom(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BOM.length) continue;
    yield start.subarray(start.indexOf(BOM) === 0 ? BOM.length : 0);
    start = undefined;
  }
  if (start && start.length > 0) yield start;
}
