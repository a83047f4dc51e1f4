import {
  type Embedder,
  type IndexedFiles,
  indexFiles,
  reportNearDuplicates,
  Skipped,
} from '../../indexer/index.js';
import type { Pipeline } from './steps.js';
import type { CorpusSettings } from './study-file.js';

/** Indexes a corpus of the study file, unless it is what it would become. Returns the key of what it was made from. */
export async function indexStep(
  { study, seed, say, onProgress, signal }: Pipeline,
  embedder: Embedder,
  name: string,
  settings: CorpusSettings,
  base: string,
): Promise<string> {
  const { hold_out: holdOut, vectors: precision, near_dedup: nearDedup, ...files } = settings;
  const skipped = new Skipped();
  const start = performance.now();
  const indexed = await indexFiles(
    study,
    embedder,
    name,
    { ...files, base, holdOut, precision },
    { skipped, seed, existing: 'update', onProgress, signal },
  ).finally(() => {
    for (const line of skipped.lines()) say(`  skipped ${line}`);
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`index ${name}: ${indexed.unchanged ? 'unchanged. ' : ''}${describe(indexed)} (${seconds} s)`);
  if (nearDedup !== undefined) {
    const near = reportNearDuplicates(study, name, { threshold: nearDedup, seed, onProgress });
    say(`  near duplicates: ${near.documents} documents in ${near.groups} groups, none dropped`);
  }
  return indexed.key;
}

function describe({ chunks, documents, heldOut, duplicates }: IndexedFiles): string {
  const repeated = duplicates > 0 ? ` (${duplicates} exact duplicates)` : '';
  return `${chunks} chunks${repeated} of ${documents - heldOut} documents, ${heldOut} documents held out`;
}
