import { join } from 'node:path';
import { DataError, type Progress } from '../store/index.js';
import { readInWindows } from './batches.js';
import { writeCausalGraph } from './causal-graph.js';
import {
  type Checkpoint,
  type CurvePoint,
  dropCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.js';
import { CompiledSteps } from './compiled-steps.js';
import { digitPlaces } from './digit-places.js';
import { lossLine } from './loss-line.js';
import { write, writeConfig, writeWeights } from './model-folder.js';
import { drawWeights } from './parameters.js';
import { randomInputs } from './random-inputs.js';
import { learningRateAt } from './schedule.js';
import { type TokenizerFile, tokenTexts } from './tokenizer.js';
import type { Training } from './train.js';
import { beginTraining } from './training-state.js';

/** A training as it can be sent to a thread. */
export interface TrainingWork extends Omit<Training, 'tokenizer' | 'onProgress' | 'signal'> {
  /** Tells what is trained from everything else. */
  key: string;
  tokenizer: TokenizerFile;
}

/** How a training ended: with a model, or stopped with a checkpoint. */
export interface TrainingEnd {
  isDone: boolean;
  /** Steps that were made. */
  step: number;
  curve: CurvePoint[];
}

const SAVE_MINUTES = 1;
/** Steps that the loss of a line of progress is the mean of. */
const SMOOTHED = 20;

/**
 * Trains from the last checkpoint, or from the beginning, until the model is written. Occupies its thread for whole steps, and changes the
 * weights that it is given.
 *
 * @param mayGoOn asked before every step and before the model is written, with the progress of the step before
 * @throws UsageError for the checkpoint of another training; DataError where the stream is too short, or the loss is no number any more
 */
export async function runTraining(
  work: TrainingWork,
  mayGoOn: (progress?: Progress) => Promise<boolean>,
): Promise<TrainingEnd> {
  const { folder, config, tokenizer, settings, key } = work;
  const checkpoint = readCheckpoint(folder, config, key) ?? begin(work);
  const { topKeys } = settings;
  writeConfig(folder, { config, tokenizer, runs: config.recurrence ? settings.runs : 0, topKeys });
  const isDone = await makeSteps(work, checkpoint, mayGoOn);
  const { state, curve } = checkpoint;
  if (isDone) {
    const graph = writeCausalGraph(config, state.weights, { runs: settings.runs, topKeys });
    write(join(folder, 'onnx/model.onnx'), graph);
    const told = { key, settings, model: config, curve };
    write(join(folder, 'training.json'), `${JSON.stringify(told, null, 1)}\n`);
    writeWeights(folder, config, state.weights);
    dropCheckpoint(folder);
  } else writeCheckpoint(folder, config, checkpoint);
  return { isDone, step: state.step, curve };
}

function begin({ key, config, settings, weights }: TrainingWork): Checkpoint {
  return { key, state: beginTraining(config, weights ?? drawWeights(config, settings.seed)), curve: [] };
}

/** @returns whether all steps were made, and none forbidden */
async function makeSteps(
  work: TrainingWork,
  checkpoint: Checkpoint,
  mayGoOn: (progress?: Progress) => Promise<boolean>,
): Promise<boolean> {
  const { folder, config, settings, stream, tokenizer, saveMinutes = SAVE_MINUTES } = work;
  const { state, curve } = checkpoint;
  const { steps, decay, batch } = settings;
  const schedule = { ...settings, warmup: settings.warmup ?? Math.ceil(steps / 20) };
  const batches = readInWindows(stream, { batch, context: config.context, seed: settings.seed });
  const places = config.positions === 'abacus' ? digitPlaces(tokenTexts(tokenizer)) : undefined;
  const compiled = new CompiledSteps(work);
  let saved = performance.now();
  let progress: Progress | undefined;
  try {
    while (await mayGoOn(progress)) {
      const { step } = state;
      if (step === steps) return true;
      const read = batches.at(step);
      const drawn = randomInputs(config, settings, step);
      const one = await compiled.of(drawn.runs);
      const given = {
        ...read,
        ...drawn.inputs,
        ...(places && { places: places(read.ids, config.context, drawn.offset) }),
      };
      const learningRate = learningRateAt(step, schedule);
      const { losses, norm } = await one.run(state, given, { learningRate, decay });
      if (!Number.isFinite(norm)) throw diverged(folder, step, learningRate);
      curve.push({ step, loss: losses.reduce((sum, loss, i) => sum + loss * read.weights[i]!, 0), norm });
      if (performance.now() - saved > saveMinutes * 60_000) {
        writeCheckpoint(folder, config, checkpoint);
        saved = performance.now();
      }
      progress = progressOf(work, curve);
    }
    return false;
  } finally {
    await compiled.close();
  }
}

function progressOf({ folder, config, settings }: TrainingWork, curve: readonly CurvePoint[]): Progress {
  const rows = settings.batch * config.context;
  const recent = curve.slice(-SMOOTHED);
  const loss = recent.reduce((sum, point) => sum + point.loss, 0) / recent.length;
  return {
    ...{ step: `training ${folder}`, unit: 'tokens' },
    ...{ done: curve.length * rows, total: settings.steps * rows },
    also: `step ${curve.length}, loss ${loss.toFixed(3)} ${lossLine(curve)}`.trimEnd(),
  };
}

function diverged(folder: string, step: number, learningRate: number): DataError {
  return new DataError(
    `The training of ${folder} diverged at step ${step}, at a learning rate of ${learningRate.toPrecision(2)}: its gradients are no numbers any more. Give a smaller learning rate.`,
  );
}
