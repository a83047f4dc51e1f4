import { closeSync, fsync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { encodeIvfHeader, ID_BYTES, type IvfHeader } from './faiss-ivf.js';

/** What the name of a file ends in while it is being written. */
export const UNFINISHED = '.tmp';

const BUFFER_BYTES = 1 << 22;

/** The file name of the n-th clustered file. */
export function ivfName(number: number): string {
  return `ivf-${String(number).padStart(5, '0')}.faiss`;
}

/**
 * Writes a FAISS `IndexIVFFlat` file under a temporary name; it gets its own once it is on the disk.
 *
 * @param vectors `(rows, dims)` row-major
 * @param order the rows of `vectors`, list after list
 * @param ids the id of each of the rows of `vectors`
 * @returns resolves when the file is durable; until then other work may be done, and `vectors` changed
 */
export function writeIvfFile(
  file: string,
  header: IvfHeader,
  vectors: Float32Array,
  order: Int32Array,
  ids: Int32Array,
): Promise<void> {
  const { dims, sizes } = header;
  const rowBytes = dims * Float32Array.BYTES_PER_ELEMENT;
  const fd = openSync(file + UNFINISHED, 'w');
  try {
    const out = bufferedFile(fd);
    out.append(encodeIvfHeader(header));
    const id = Buffer.alloc(ID_BYTES);
    let start = 0;
    for (const size of sizes) {
      const list = order.subarray(start, start + size);
      for (const row of list) {
        out.append(new Uint8Array(vectors.buffer, vectors.byteOffset + row * rowBytes, rowBytes));
      }
      for (const row of list) {
        id.writeUInt32LE(ids[row]!, 0);
        out.append(id);
      }
      start += size;
    }
    out.flush();
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return publish(fd, file);
}

async function publish(fd: number, file: string): Promise<void> {
  try {
    await promisify(fsync)(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(file + UNFINISHED, file);
  const folder = openSync(dirname(file), 'r');
  try {
    await promisify(fsync)(folder);
  } finally {
    closeSync(folder);
  }
}

function bufferedFile(fd: number) {
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let used = 0;
  const write = (bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
  };
  const flush = () => {
    write(buffer.subarray(0, used));
    used = 0;
  };
  return {
    flush,
    append(bytes: Uint8Array) {
      if (used + bytes.length > BUFFER_BYTES) flush();
      if (bytes.length > BUFFER_BYTES) return write(bytes);
      buffer.set(bytes, used);
      used += bytes.length;
    },
  };
}
