import { type BandwidthChoice, chooseEstimator, type KernelName, measure } from '../../density/index.js';
import { densitiesOf } from '../../store/index.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** The name of the measurement of the corpora as they are, before any intervention. */
export const BASE = 'base';

/** Which densities to measure. */
export interface MeasureSettings {
  name: string;
  corpora: readonly string[];
  kernel: KernelName;
  bandwidth: BandwidthChoice;
}

/** Measures the density of some corpora at every query. Returns the step's key. */
export async function measureStep(
  pipeline: Pipeline,
  settings: MeasureSettings,
  { density }: StudyFile,
  inputKeys: readonly string[],
): Promise<string> {
  const { study, seed, onProgress } = pipeline;
  const { neighbours } = density;
  const inputs = { ...settings, neighbours, seed, inputKeys };
  return runStep(pipeline, `measure ${settings.name} ${settings.kernel}`, inputs, async () => {
    const measurement = await measure(study, {
      ...settings,
      estimator: chooseEstimator(undefined),
      querySet: QUERY_SET,
      neighbours,
      documents: neighbours,
      seed,
      onProgress,
    });
    const densities = [...densitiesOf(study.db, measurement.id).values()].map(
      ({ log10Density }) => log10Density,
    );
    densities.sort((a, b) => a - b);
    const median = densities[Math.floor(densities.length / 2)]!;
    return `h = ${measurement.bandwidth} (${measurement.bandwidthRule}), exact over ${measurement.points.toLocaleString('en')} points, median log10 density ${median.toFixed(2)}`;
  });
}
