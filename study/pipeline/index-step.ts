import {
  type Embedder,
  fingerprintFiles,
  hashOf,
  indexCorpus,
  readDocuments,
  Skipped,
} from '../../indexer/index.js';
import { dropCorpus } from '../../store/index.js';
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
    if (!resumed) dropCorpus(study, name);
    const skipped = new Skipped();
    const documents = readDocuments({ files, base, ...fields }, skipped);
    const indexed = await indexCorpus(study, embedder, documents, {
      name,
      role,
      chunk,
      holdOut,
      seed,
      key: hashOf(inputs),
      settings: { ...settings },
      expectedCharacters: bytes,
      onProgress,
    }).finally(() => {
      for (const line of skipped.lines()) say(`  skipped ${line}`);
    });
    const trained = indexed.documents - indexed.heldOut;
    return `${indexed.chunks} chunks of ${trained} documents, ${indexed.heldOut} documents held out`;
  });
}
