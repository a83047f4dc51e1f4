import { bandwidthChoice } from '../../density/index.js';
import { findLeaks } from '../leaks/index.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** Looks for leaks of the queries in the corpora, where the study file asks for it. */
export async function leaksStep(
  pipeline: Pipeline,
  { leaks, density }: StudyFile,
  corpora: readonly string[],
  inputKeys: readonly string[],
): Promise<void> {
  if (!leaks) return;
  const { study, seed, onProgress } = pipeline;
  const { bandwidth, effective_samples: effectiveSamples, estimator } = density;
  const kernel = density.kernels[0]!;
  const inputs = { leaks, kernel, bandwidth, effectiveSamples, estimator, corpora, seed, inputKeys };
  await runStep(pipeline, 'leaks', inputs, async () => {
    const { search, suspects } = await findLeaks(study, {
      ...{ querySet: QUERY_SET, corpora, kernel, estimator, alarm: leaks.alarm, seed, onProgress },
      bandwidth: bandwidthChoice(bandwidth, effectiveSamples),
    });
    const suspected = suspects.filter(({ score }) => score >= search.threshold).length;
    return `${suspected} of ${suspects.length} queries suspected, from a score of ${search.threshold.toFixed(2)} calibrated on ${search.calibrated} training texts`;
  });
}
