import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OnProgress } from '../../store/index.js';
import { filesOf } from '../sources/read-documents.js';

/** What some files hold, as a hash, and how much of it. */
export interface FilesFingerprint {
  hash: string;
  bytes: number;
}

/** A remote path, whose content is not looked at: the name stands for it. */
const REMOTE = /^[a-z][a-z0-9+.-]+:\/\//;

/** A hash of the contents of all files that match, so that work is done again when its files change. */
export async function fingerprintFiles(
  files: readonly string[],
  base: string,
  onProgress?: OnProgress,
): Promise<FilesFingerprint> {
  const found = (await filesOf({ files, base })).map((file) => {
    return { file, size: REMOTE.test(file) ? 0 : statSync(file).size };
  });
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const hash = createHash('sha256');
  let done = 0;
  for (const { file, size } of found) {
    if (REMOTE.test(file)) {
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
