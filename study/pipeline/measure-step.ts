import { median } from 'd3';
import { type BandwidthChoice, type KernelName, measure } from '../../density/index.js';
import { densitiesOf } from '../../store/index.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

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
  const { neighbours, estimator, sweep } = density;
  const inputs = { ...settings, neighbours, estimator, sweep, seed, inputKeys };
  return runStep(pipeline, `measure ${settings.name} ${settings.kernel}`, inputs, async () => {
    const measurement = await measure(study, {
      ...settings,
      estimator,
      ...(sweep && { curve: 'around' as const }),
      querySet: QUERY_SET,
      neighbours,
      documents: neighbours,
      seed,
      onProgress,
    });
    const densities = [...densitiesOf(study.db, measurement.id).values()];
    const middle = median(densities, ({ log10Density }) => log10Density)!;
    return `h = ${measurement.bandwidth} (${measurement.bandwidthRule}), ${measurement.estimator} over ${measurement.points.toLocaleString('en')} points, median log10 density ${middle.toFixed(2)}`;
  });
}
