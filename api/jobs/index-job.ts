import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { type IndexedFiles, indexFiles, openEmbedder, reopenEmbedder, Skipped } from '../../indexer/index.js';
import { DataError, listCorpora, type OnProgress, type Study } from '../../store/index.js';
import { indexTaskSchema } from '../schemas/jobs.js';
import { uploadFolder } from '../uploads.js';

/** What an indexed upload became. */
type Indexed = Pick<IndexedFiles, 'documents' | 'chunks' | 'duplicates'> & { skipped: string[] };

/**
 * Indexes an uploaded file as a corpus, with the embedder of the oldest corpus; a job that was interrupted goes on where its last commit was.
 *
 * @throws DataError where the file has no texts
 */
export async function indexJob(study: Study, request: unknown, onProgress: OnProgress): Promise<Indexed> {
  const { name, role, chunk, text, id, source, upload } = indexTaskSchema.parse(request);
  const [first] = listCorpora(study.db);
  const file = `${uploadFolder(study.dir)}/${basename(upload)}`;
  if (!existsSync(file))
    throw new DataError(`What was uploaded as ${name} is no longer there: send it again.`);
  const embedder = await (first ? reopenEmbedder(first) : openEmbedder({ kind: 'use-lite' }));
  const skipped = new Skipped();
  try {
    const files = { files: [basename(upload)], base: uploadFolder(study.dir), role, text, id, source };
    const { documents, chunks, duplicates } = await indexFiles(
      study,
      embedder,
      name,
      { ...files, holdOut: 0, precision: 'fp32', chunk: { by: chunk } },
      { skipped, seed: 1, existing: 'update', onProgress },
    );
    rmSync(file);
    return { documents, chunks, duplicates, skipped: skipped.lines() };
  } finally {
    await embedder.close();
  }
}
