import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { filesOf } from '../../indexer/index.js';

/** A hash of the contents of all files that match, so that a step is done again when its files change. */
export async function fingerprintFiles(files: readonly string[], base: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf({ files, base })) {
    const content = createHash('sha256');
    await pipeline(createReadStream(file), content);
    hash.update(content.digest());
  }
  return hash.digest('hex').slice(0, 32);
}
