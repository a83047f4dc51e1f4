import { calibrate, type KernelName } from '../../density/index.js';
import { corpusNamed, listMeasurements } from '../../store/index.js';
import { BASE } from '../names.js';
import { type Pipeline, runStep } from './steps.js';
import type { StudyFile } from './study-file.js';

/** Measures how dense the corpora are where they are themselves, at the bandwidth of the queries, so that densities have percentiles. */
export async function calibrationStep(
  pipeline: Pipeline,
  { density: { calibrate: sample } }: StudyFile,
  corpora: readonly string[],
  kernel: KernelName,
  inputKeys: readonly string[],
): Promise<void> {
  if (sample === 0) return;
  const { study, seed, onProgress } = pipeline;
  const measured = listMeasurements(study.db).find((one) => one.name === BASE && one.kernel === kernel);
  if (!measured) return;
  const { bandwidth } = measured;
  const inputs = { corpora, kernel, bandwidth, sample, seed, inputKeys };
  await runStep(pipeline, `calibrate ${kernel}`, inputs, async () => {
    const { fingerprint } = corpusNamed(study.db, corpora[0]!);
    const { log10Densities } = await calibrate(study, {
      ...{ corpora, fingerprint, kernel, sample, seed, onProgress },
      bandwidth: { value: bandwidth, rule: `that of measurement ${BASE}` },
    });
    const middle = log10Densities[Math.floor(log10Densities.length / 2)]!;
    return `${log10Densities.length} training points taken out, median log10 density ${middle.toFixed(2)} in the rest`;
  });
}
