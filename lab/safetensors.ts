import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DataError } from '../store/index.js';

/** A float32 tensor, row-major. */
export interface NamedTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** What a safetensors file holds. */
export interface SafeTensors {
  tensors: ReadonlyMap<string, NamedTensor>;
  metadata: Readonly<Record<string, string>>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const LENGTH_BYTES = 8;
/** The format's own limit of a header. */
const MOST_HEADER = 100_000_000;

/** Writes float32 tensors as a safetensors file (huggingface/safetensors, format 0.3); the file gets its name once it is on the disk. */
export function writeSafetensors(file: string, { tensors, metadata }: SafeTensors): void {
  let end = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  // Padded with spaces, so that the tensors begin at a multiple of 8 bytes.
  const header = Buffer.from(text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8)));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(header.length));
  const part = `${file}.part`;
  const handle = openSync(part, 'w');
  try {
    for (const bytes of [length, header, ...[...tensors.values()].map(({ data }) => bytesOf(data))]) {
      for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    }
    fsyncSync(handle);
    closeSync(handle);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * Reads a safetensors file of float32 tensors.
 *
 * @throws DataError where it is cut off, is none, or holds other types
 */
export function readSafetensors(file: string): SafeTensors {
  const bytes = readFileSync(file);
  const { header, begin } = readHeader(file, bytes);
  const { __metadata__: metadata = {}, ...entries } = header as {
    __metadata__?: Record<string, string>;
  } & Record<string, Entry>;
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const [from, to] = offsets;
    const size = shape.reduce((product, n) => product * n, 1);
    if (dtype !== 'F32') throw new DataError(`${file}: the tensor ${name} is ${dtype}; only F32 is read.`);
    if (to - from !== 4 * size || begin + to > bytes.length)
      throw new DataError(`${file} is cut off or damaged: the tensor ${name} is not all there.`);
    const data = new Float32Array(size);
    bytesOf(data).set(bytes.subarray(begin + from, begin + to));
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

function readHeader(file: string, bytes: Buffer): { header: object; begin: number } {
  const length = bytes.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : Number(bytes.readBigUInt64LE());
  const begin = LENGTH_BYTES + length;
  if (length > MOST_HEADER || begin > bytes.length)
    throw new DataError(`${file} is no safetensors file, or is cut off.`);
  try {
    return { header: JSON.parse(bytes.toString('utf8', LENGTH_BYTES, begin)) as object, begin };
  } catch {
    throw new DataError(`${file} is no safetensors file: its header is no JSON.`);
  }
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
