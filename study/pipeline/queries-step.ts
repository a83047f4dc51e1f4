import {
  type Embedder,
  embedQueries,
  filesMatching,
  filesOf,
  fingerprintFiles,
} from '../../indexer/index.js';
import { drawQueries } from './draw-queries.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** The name of the query set that a study file makes. */
export const QUERY_SET = 'queries';

/** Draws and embeds the queries of the study file. Returns the step's key. */
export async function queriesStep(
  pipeline: Pipeline,
  embedder: Embedder,
  file: StudyFile,
  corpusKeys: Record<string, string>,
): Promise<string> {
  const { study, seed, say, onProgress } = pipeline;
  const parts = await Promise.all(
    file.queries.map(async (part) => {
      if ('corpus' in part) return { ...part, corpus: corpusKeys[part.corpus] };
      const { base } = file;
      const texts = await fingerprintFiles(await filesOf({ ...part, base }));
      const vectors =
        part.embeddings && (await fingerprintFiles(await filesMatching({ ...part.embeddings, base })));
      return { ...part, files: texts.hash, vectors: vectors?.hash };
    }),
  );
  return runStep(pipeline, 'queries', { parts, seed, embedder: embedder.fingerprint }, async () => {
    const { queries, skipped } = await drawQueries(study, file, embedder);
    onProgress({ step: 'embedding queries', done: 0, total: queries.length, unit: 'queries' });
    await embedQueries(study, embedder, QUERY_SET, queries);
    for (const line of skipped.lines()) say(`  skipped ${line}`);
    return [...countBy(queries.map(({ kind }) => kind))]
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ');
  });
}

/** How often each label occurs, in order of first occurrence. */
function countBy(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
