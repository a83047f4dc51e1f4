import { crc32 } from 'node:zlib';
import { readFully } from './format.js';

const BLOCK_BYTES = 1 << 22;

/**
 * CRC-32 of a part of an open file.
 *
 * @throws DataError where the file ends before `bytes` are read
 */
export function checksumOf(fd: number, file: string, position: number, bytes: number): number {
  const block = Buffer.alloc(Math.min(bytes, BLOCK_BYTES));
  let checksum = 0;
  for (let done = 0; done < bytes; done += block.length) {
    const part = block.subarray(0, Math.min(block.length, bytes - done));
    readFully(fd, file, part, position + done);
    checksum = crc32(part, checksum);
  }
  return checksum;
}
