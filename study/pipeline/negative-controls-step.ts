import { bandwidthChoice, measure, measureProjected } from '../../density/index.js';
import { DISJOINT, PROJECTION } from '../names.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** Measures the density under disjoint corpora and behind a random projection, by the headline's kernel. Returns the measurements' names. */
export async function negativeControlsStep(
  pipeline: Pipeline,
  { density, negative_controls: controls }: StudyFile,
  corpora: readonly string[],
  inputKeys: readonly string[],
): Promise<string[]> {
  const { study, seed, onProgress } = pipeline;
  const kernel = density.kernels[0]!;
  const { effective_samples: effectiveSamples, estimator } = density;
  const shared = { querySet: QUERY_SET, kernel, seed };
  const names: string[] = [];
  const measured = ({ bandwidth, points }: { bandwidth: number; points: number }) =>
    `h = ${bandwidth} over ${points.toLocaleString('en')} points`;
  if (controls.disjoint.length > 0) {
    const settings = { ...shared, corpora: controls.disjoint, effectiveSamples, estimator };
    await runStep(pipeline, DISJOINT, { settings, inputKeys }, async () => {
      return measured(
        await measure(study, {
          ...{ ...shared, name: DISJOINT, corpora: controls.disjoint, estimator, onProgress },
          ...{ bandwidth: bandwidthChoice('auto', effectiveSamples), neighbours: 0, documents: 0 },
        }),
      );
    });
    names.push(DISJOINT);
  }
  if (controls.projection > 0) {
    const settings = { ...shared, corpora, effectiveSamples, dims: controls.projection };
    await runStep(pipeline, PROJECTION, { settings, inputKeys }, async () => {
      return measured(await measureProjected(study, { ...settings, name: PROJECTION }));
    });
    names.push(PROJECTION);
  }
  return names;
}
