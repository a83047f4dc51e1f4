import { DataError, decodeHalf } from '../../store/index.js';
import type { ByteStream } from './byte-stream.js';
import { blockRows, type VectorBlock } from './vector-blocks.js';

/**
 * The header of an array in NumPy's format, versions 1 to 3 (numpy/lib/format.py): the magic "\x93NUMPY", the version,
 * the length of the header, and the header: a Python dict of `descr`, `fortran_order` and `shape`.
 */
export interface NpyHeader {
  /** "<f4", "<f2", "<f8", "<i8", "<U12" … */
  type: string;
  shape: number[];
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/**
 * Reads the header of a `.npy` file or member.
 *
 * @throws DataError naming the file where it is not one, or not in C order
 */
export async function readNpyHeader(bytes: ByteStream, file: string): Promise<NpyHeader> {
  const start = await bytes.take(8);
  if (!start?.subarray(0, 6).equals(MAGIC)) throw new DataError(`${file} is not a NumPy array (.npy).`);
  const long = start[6]! >= 2;
  const length = await bytes.take(long ? 4 : 2);
  const header = length && (await bytes.take(long ? length.readUInt32LE(0) : length.readUInt16LE(0)));
  const text = header?.toString('utf8') ?? '';
  const type = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (type === undefined || shape === undefined) {
    throw new DataError(`${file} has no header that can be read; is it truncated?`);
  }
  if (/'fortran_order':\s*True/.test(text)) {
    throw new DataError(`${file} is in Fortran order; save it with numpy.ascontiguousarray(x).`);
  }
  return { type, shape: shape.split(',').flatMap((n) => (n.trim() === '' ? [] : [Number(n)])) };
}

const NUMBER_BYTES: Record<string, number> = { '<f4': 4, '<f2': 2, '<f8': 8 };

/** Refuses what is not a matrix of floats. Returns its shape. */
export function matrixShape({ type, shape }: NpyHeader, file: string): { rows: number; dims: number } {
  const [rows, dims] = shape;
  if (!(type in NUMBER_BYTES)) {
    throw new DataError(`${file} holds numbers of type "${type}"; float16, float32 or float64 is needed.`);
  }
  if (shape.length !== 2 || !rows || !dims) {
    throw new DataError(`${file} has the shape (${shape.join(', ')}); (vectors, dims) is needed.`);
  }
  return { rows, dims };
}

/**
 * The rows of a matrix, behind its header.
 *
 * @throws DataError where the file ends before
 */
export async function* npyBlocks(
  bytes: ByteStream,
  header: NpyHeader,
  file: string,
): AsyncGenerator<VectorBlock> {
  const { rows, dims } = matrixShape(header, file);
  const rowBytes = dims * NUMBER_BYTES[header.type]!;
  for (let row = 0; row < rows; ) {
    const count = Math.min(rows - row, blockRows(dims));
    const block = await bytes.take(count * rowBytes);
    if (!block) throw new DataError(`${file} is truncated: it ends before row ${row + count} of ${rows}.`);
    yield { vectors: numbersOf(block, header.type, count * dims) };
    row += count;
  }
}

function numbersOf(bytes: Buffer, type: string, count: number): Float32Array {
  // A copy, so that it begins where a typed array may.
  const aligned = new Uint8Array(bytes).buffer;
  if (type === '<f4') return new Float32Array(aligned);
  if (type === '<f8') return Float32Array.from(new Float64Array(aligned));
  const numbers = new Float32Array(count);
  decodeHalf(new Uint16Array(aligned), numbers);
  return numbers;
}

/**
 * The values of a one-dimensional array of strings or whole numbers, as strings.
 *
 * @throws DataError for other types, or where the file ends before
 */
export async function readNpyStrings(bytes: ByteStream, file: string): Promise<string[]> {
  const { type, shape } = await readNpyHeader(bytes, file);
  const [, kind, digits] = /^[<|](U|S|i|u)(\d+)$/.exec(type) ?? [];
  if (shape.length !== 1 || !kind || (kind !== 'U' && kind !== 'S' && digits !== '4' && digits !== '8')) {
    throw new DataError(`${file}: ids must be one array of strings or whole numbers, not "${type}".`);
  }
  const size = Number(digits) * (kind === 'U' ? 4 : 1);
  const values: string[] = [];
  for (let row = 0; row < shape[0]!; row++) {
    const value = await bytes.take(size);
    if (!value) throw new DataError(`${file} is truncated: it ends before id ${row + 1} of ${shape[0]}.`);
    values.push(decodeId(value, kind, size));
  }
  return values;
}

function decodeId(value: Buffer, kind: string, size: number): string {
  if (kind === 'i') return String(size === 8 ? value.readBigInt64LE() : value.readInt32LE());
  if (kind === 'u') return String(size === 8 ? value.readBigUInt64LE() : value.readUInt32LE());
  if (kind === 'S') return value.toString('utf8').replace(/\0+$/, '');
  const points = Array.from({ length: size / 4 }, (_, i) => value.readUInt32LE(4 * i));
  return String.fromCodePoint(...points).replace(/\0+$/, '');
}
