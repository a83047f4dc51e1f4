import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  finetune,
  type GoldfishRule,
  learn,
  type ModelConfig,
  parameterCount,
  readModel,
  type Trained,
  trainingSettingsSchema,
} from '../../lab/index.js';
import { type Covariate, corpusNamed, documentsOf, type Study } from '../../store/index.js';
import type { LabSettings } from './lab-settings.js';
import type { ModelSettings } from './run-settings.js';
import { scoreModelStep } from './score-model-step.js';
import { type Pipeline, runStep } from './steps.js';

/** A model of the lab that is trained, and on what. */
export interface LabTraining {
  run: string;
  settings: LabSettings;
  corpora: readonly string[];
}

/** Trains a model on the training documents of corpora and scores every query with it. */
export async function labStep(
  pipeline: Pipeline,
  { run, settings, corpora }: LabTraining,
  inputKeys: readonly string[],
): Promise<void> {
  const { study, onProgress, signal } = pipeline;
  const { vocabulary, context, width, layers, heads, positions, goldfish, finetune: _, ...rest } = settings;
  const inputs = {
    ...rest,
    vocabulary,
    context,
    width,
    layers,
    heads,
    positions,
    goldfish,
    corpora,
    inputKeys,
  };
  const folder = study.modelFolder(run);
  await trainStep(pipeline, run, folder, { ...inputs, seed: seedOf(pipeline, settings) }, () =>
    learn({
      ...{ folder, texts: textsOf(study, corpora), vocabulary, onProgress, signal },
      model: { context, width, layers, heads, positions, recurrence: blocksOf(settings) },
      settings: trainingOf(pipeline, settings),
      goldfish: goldfish as GoldfishRule | undefined,
    }),
  );
  await scoreStepOf(pipeline, run, folder, inputKeys, covariatesOf(folder, settings));
}

/** What a scaling law is fitted to, by the names that `densimeter scaling` knows. */
function covariatesOf(
  folder: string,
  { steps, batch, seed, learning_rate }: LabSettings,
): Record<string, Covariate> {
  const { config, runs } = readModel(folder);
  const { width, heads, context, recurrence } = config;
  const layers = recurrence ? recurrence.prelude + recurrence.core + recurrence.coda : config.layers;
  const tokens = steps * batch * context;
  return {
    params: parameterCount(config),
    tokens,
    width,
    layers,
    heads,
    learning_rate,
    ...(recurrence && { runs }),
    ...(seed !== undefined && { seed }),
  };
}

/** Trains a run's model on with the texts of an intervention and scores every query with it. */
export async function labFinetuneStep(
  pipeline: Pipeline,
  { run, settings, corpora }: LabTraining,
  { treatedRun, leaks }: { treatedRun: string; leaks: string },
  inputKeys: readonly string[],
): Promise<void> {
  const { study, onProgress, signal } = pipeline;
  const { passes, learning_rate: learningRate, background } = settings.finetune;
  const inputs = { settings, seed: seedOf(pipeline, settings), corpora, leaks, inputKeys };
  const folder = join(study.interventionFolder(leaks), 'models', run);
  await trainStep(pipeline, treatedRun, folder, inputs, () =>
    finetune({
      ...{ folder, passes, onProgress, signal },
      from: readModel(study.modelFolder(run)),
      texts: textsOf(study, [leaks]),
      background: { texts: textsOf(study, corpora), share: background },
      settings: { ...trainingOf(pipeline, settings), learningRate },
    }),
  );
  await scoreStepOf(pipeline, treatedRun, folder, inputKeys);
}

async function trainStep(
  pipeline: Pipeline,
  run: string,
  folder: string,
  inputs: unknown,
  work: () => Promise<Trained>,
): Promise<void> {
  await runStep(pipeline, `train ${run}`, inputs, async ({ resumed }) => {
    if (!resumed) rmSync(folder, { recursive: true, force: true });
    const { steps, tokens, curve } = await work();
    const last = curve.slice(-Math.max(1, Math.ceil(curve.length / 20)));
    const loss = last.reduce((sum, point) => sum + point.loss, 0) / last.length;
    return `${steps} steps, ${tokens.toLocaleString('en')} tokens, ${loss.toFixed(3)} nats a token at the end`;
  });
}

/** It is a causal model as ONNX like any other. */
function scoreStepOf(
  pipeline: Pipeline,
  run: string,
  model: string,
  inputKeys: readonly string[],
  covariates: Record<string, Covariate> = {},
): Promise<void> {
  const settings: ModelSettings = { scorer: 'onnx', model, dtype: 'fp32', covariates };
  return scoreModelStep(pipeline, run, settings, process.cwd(), inputKeys);
}

function trainingOf(pipeline: Pipeline, settings: LabSettings) {
  const { steps, batch, learning_rate: learningRate, decay, noise, recurrence, top_keys: topKeys } = settings;
  const { runs, differentiated } = recurrence ?? {};
  const seed = seedOf(pipeline, settings);
  return trainingSettingsSchema.parse({
    ...{ steps, batch, learningRate, decay, noise, seed, runs, differentiated, topKeys },
  });
}

function blocksOf({ recurrence }: LabSettings): ModelConfig['recurrence'] {
  if (!recurrence) return undefined;
  const { prelude, core, coda } = recurrence;
  return { prelude, core, coda };
}

function seedOf(pipeline: Pipeline, { seed }: LabSettings): number {
  return seed ?? pipeline.seed;
}

function textsOf({ db }: Study, corpora: readonly string[]): string[] {
  return corpora.flatMap((name) =>
    [...documentsOf(db, corpusNamed(db, name).id, 'train')].map(({ text }) => text),
  );
}
