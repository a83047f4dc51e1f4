import { createWriteStream, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import { Problem } from './problem.js';

/** Of an uploaded file. */
const MOST_BYTES = 4 * 2 ** 30;

/** Where uploaded files wait for the job that indexes them. */
export function uploadFolder(studyDir: string): string {
  return join(studyDir, 'uploads');
}

/**
 * Writes the body of a request to a file of that name among the uploads; a body that breaks off leaves none.
 *
 * @param name made by the server, never by the caller
 * @throws Problem (413) for more than 4 GiB, (400) for nothing
 */
export async function keepUpload(request: Request, studyDir: string, name: string): Promise<void> {
  const folder = uploadFolder(studyDir);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) {
        done(
          new Problem(
            'bad-request',
            413,
            'An uploaded file may have 4 GiB: index larger ones with densimeter index.',
          ),
        );
      } else done(null, chunk);
    },
  });
  try {
    await pipeline(request, counted, createWriteStream(file, { flags: 'wx' }));
    if (bytes === 0) throw new Problem('bad-request', 400, 'The body is empty: send the file as it is.');
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
