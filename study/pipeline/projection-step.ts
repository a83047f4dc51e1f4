import { project } from '../projection/index.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** Lays the corpora and queries out in two dims, in every way that the study file names. */
export async function projectionStep(
  pipeline: Pipeline,
  { projections }: StudyFile,
  corpora: readonly string[],
  inputKeys: readonly string[],
): Promise<void> {
  const { study, seed, onProgress, signal } = pipeline;
  for (const method of projections) {
    await runStep(pipeline, `project ${method}`, { method, corpora, seed, inputKeys }, async () => {
      const { landmarks, labels } = await project(study, { method, corpora, seed, onProgress, signal });
      return `from ${landmarks} landmarks, ${labels.length} places named`;
    });
  }
}
