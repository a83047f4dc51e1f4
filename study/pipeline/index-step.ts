import { rmSync } from 'node:fs';
import { type Embedder, indexCorpus, readDocuments, Skipped } from '../../indexer/index.js';
import { deleteCorpus } from '../../store/index.js';
import { fingerprintFiles } from './fingerprint-files.js';
import { type Pipeline, runStep } from './steps.js';
import type { CorpusSettings } from './study-file.js';

/** Indexes a corpus of the study file. Returns the step's key. */
export async function indexStep(
  pipeline: Pipeline,
  embedder: Embedder,
  name: string,
  settings: CorpusSettings,
  base: string,
): Promise<string> {
  const { study, seed, say, onProgress } = pipeline;
  const { files, hold_out: holdOut, chunk, role, ...fields } = settings;
  const { hash, bytes } = await fingerprintFiles(files, base);
  const inputs = {
    ...settings,
    files: hash,
    embedder: embedder.fingerprint,
    ...(holdOut > 0 && { seed }),
  };
  return runStep(pipeline, `index ${name}`, inputs, async ({ resumed }) => {
    if (!resumed) forgetCorpus(pipeline, name);
    const skipped = new Skipped();
    const documents = readDocuments({ files, base, ...fields }, skipped);
    const indexed = await indexCorpus(study, embedder, documents, {
      name,
      role,
      chunk,
      holdOut,
      seed,
      expectedCharacters: bytes,
      onProgress,
    }).finally(() => {
      for (const line of skipped.lines()) say(`  skipped ${line}`);
    });
    const trained = indexed.documents - indexed.heldOut;
    return `${indexed.chunks} chunks of ${trained} documents, ${indexed.heldOut} documents held out`;
  });
}

/** Deletes a corpus from the catalogue and its vectors from the disk. */
export function forgetCorpus({ study }: Pipeline, name: string): void {
  deleteCorpus(study.db, name);
  rmSync(study.vectorFolder('corpus', name), { recursive: true, force: true });
}
