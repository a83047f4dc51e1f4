import type { Embedder, Tokenizer } from '../../indexer/index.js';
import { measurementNamed } from '../../store/index.js';
import { designIntervention, trainByCommand } from '../interventions/index.js';
import { BASE, treatedRunName } from '../names.js';
import { labFinetuneStep } from './lab-step.js';
import { measureStep } from './measure-step.js';
import { QUERY_SET } from './queries-step.js';
import { isLab, type NgramSettings } from './run-settings.js';
import { scoreStep } from './score-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { InterventionSettings, StudyFile } from './study-file.js';

/** What an intervention embeds and trains with. */
interface Engines {
  embedder: Embedder;
  tokenizer: Tokenizer;
}

/**
 * Runs an intervention: draws arms, leaks paraphrases or copies of the treated queries into a finetune corpus, trains
 * the run again with it, and measures every query again at the bandwidths of before.
 */
export async function interventionStep(
  pipeline: Pipeline,
  { embedder, tokenizer }: Engines,
  file: StudyFile,
  name: string,
  settings: InterventionSettings,
  inputKeys: readonly string[],
): Promise<void> {
  const { study, onProgress } = pipeline;
  // What is leaked depends on the densities, and those not on whether they are also known at other bandwidths.
  const { sweep: _, ...density } = file.density;
  const { run, train, seed: ownSeed, ...designed } = settings;
  const seed = ownSeed ?? pipeline.seed;
  const { shape = 'text', answer } = train ?? {};
  const inputs = { designed, shape, answer, seed, inputKeys, density };
  const leakKey = await runStep(pipeline, `intervene ${name}`, inputs, async () => {
    const { intervention } = await designIntervention(study, embedder, {
      ...{ ...designed, name, querySet: QUERY_SET, measurement: BASE, kernel: density.kernels[0]! },
      ...{ format: { shape, answer }, base: file.base, seed, onProgress },
    });
    const { arms, missing, rejected } = intervention;
    const leaks = arms.reduce((sum, { texts }) => sum + texts, 0);
    const treated = arms.reduce((sum, { texts, queries }) => sum + (texts > 0 ? queries : 0), 0);
    const all = arms.reduce((sum, { queries }) => sum + queries, 0);
    const thrown = Object.values(rejected).reduce((sum, number) => sum + number, 0);
    return `${leaks} texts leaked for ${treated} of ${all} ${settings.kind} queries; ${missing} paraphrases could not be made, ${thrown} drafts were thrown away`;
  });

  const treatedRun = treatedRunName(run, name);
  const corpora = Object.keys(file.corpora);
  if (train) {
    const { command } = train;
    await runStep(pipeline, `train ${name}`, { command, leakKey }, async () => {
      const folder = study.interventionFolder(name);
      const { signal } = pipeline;
      await trainByCommand(study, {
        command,
        base: file.base,
        run: treatedRun,
        querySet: QUERY_SET,
        folder,
        signal,
      });
      return `run ${treatedRun} by: ${command}`;
    });
  } else if (isLab(file.runs[run]!)) {
    const labSettings = file.runs[run];
    const training = { run, settings: labSettings, corpora: labSettings.train ?? corpora };
    await labFinetuneStep(pipeline, training, { treatedRun, leaks: name }, [...inputKeys, leakKey]);
  } else {
    const { train: trained, order } = file.runs[run] as NgramSettings;
    const training = { corpora: [...(trained ?? corpora), name], order };
    await scoreStep(pipeline, tokenizer, treatedRun, training, [...inputKeys, leakKey]);
  }
  for (const kernel of file.density.kernels) {
    const { bandwidth } = measurementNamed(study.db, BASE, kernel)!;
    await measureStep(
      pipeline,
      { name, corpora: [...corpora, name], kernel, bandwidth: { value: bandwidth, rule: `as in ${BASE}` } },
      file,
      [...inputKeys, leakKey],
    );
  }
}
