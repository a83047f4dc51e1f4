import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { filesOf, isRemote } from '../../indexer/index.js';

/** What the files of a step were when it was run. */
export interface FilesFingerprint {
  hash: string;
  bytes: number;
}

/**
 * A hash of the contents of all files that match, so that a step is done again when its files change; of a remote file
 * its address is hashed, and its bytes are not counted.
 */
export async function fingerprintFiles(files: readonly string[], base: string): Promise<FilesFingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of await filesOf({ files, base })) {
    if (isRemote(file)) {
      hash.update(file);
      continue;
    }
    const content = createHash('sha256');
    await pipeline(createReadStream(file), content);
    hash.update(content.digest());
    bytes += statSync(file).size;
  }
  return { hash: hash.digest('hex').slice(0, 32), bytes };
}
