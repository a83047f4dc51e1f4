import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OnProgress } from '../../store/index.js';
import { isRemote } from '../sources/format.js';

/** What some files hold, as a hash, and how much of it. */
export interface FilesFingerprint {
  hash: string;
  bytes: number;
}

/** A hash of the contents of files, so that work is done again when its files change; an address stands for a remote file. */
export async function fingerprintFiles(
  files: readonly string[],
  onProgress?: OnProgress,
): Promise<FilesFingerprint> {
  const found = files.map((file) => {
    return { file, size: isRemote(file) ? 0 : statSync(file).size };
  });
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const hash = createHash('sha256');
  let done = 0;
  for (const { file, size } of found) {
    if (isRemote(file)) {
      hash.update(file);
      continue;
    }
    const content = createHash('sha256');
    const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
    bytes.on('data', (chunk) => {
      done += chunk.length;
      onProgress?.({ step: 'comparing files', done, total, unit: 'bytes' });
    });
    await pipeline(bytes, content);
    hash.update(content.digest()).update(String(size));
  }
  return { hash: hash.digest('hex').slice(0, 32), bytes: total };
}
