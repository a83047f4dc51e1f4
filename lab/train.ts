import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { DataError, Interrupted, lockForWriting, type OnProgress, UsageError } from '../store/index.js';
import { readInWindows, type TokenStream } from './batches.js';
import { writeCausalGraph } from './causal-graph.js';
import {
  type Checkpoint,
  type CurvePoint,
  dropCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.js';
import type { ModelConfig } from './config.js';
import { digitPlaces } from './digit-places.js';
import { lossLine } from './loss-line.js';
import { holdsModel, write, writeConfig, writeWeights } from './model-folder.js';
import { drawWeights, type Weights } from './parameters.js';
import { type RandomInputs, randomInputs } from './random-inputs.js';
import { learningRateAt } from './schedule.js';
import { type LabTokenizer, tokenTexts } from './tokenizer.js';
import type { TrainingSettings } from './training-settings.js';
import { beginTraining } from './training-state.js';
import { openTrainingStep, type TrainingStep } from './training-step.js';

/** What is trained, on what. */
export interface Training {
  /** Where the model goes. */
  folder: string;
  config: ModelConfig;
  tokenizer: LabTokenizer;
  stream: TokenStream;
  settings: TrainingSettings;
  /** What it begins from; drawn by the seed where it is left out. */
  weights?: Weights | undefined;
  /** Minutes between checkpoints. */
  saveMinutes?: number;
  threads?: number;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** A model that was trained. */
export interface Trained {
  folder: string;
  steps: number;
  /** Tokens that it read. */
  tokens: number;
  curve: CurvePoint[];
  /** False where it was there already. */
  isNew: boolean;
}

const SAVE_MINUTES = 1;
/** Steps that the loss of a line of progress is the mean of. */
const SMOOTHED = 20;

/**
 * Trains a model into its folder: config.json, tokenizer.json, model.safetensors, onnx/model.onnx, and training.json with the loss curve. What was
 * stopped goes on from its last checkpoint and ends with the same weights to the last bit; what is there already is left as it is.
 *
 * @throws UsageError where the folder holds another model, or another training
 * @throws DataError where another process trains there, or the loss is no number any more
 * @throws Interrupted where the signal stopped it; it is saved
 */
export async function train(training: Training): Promise<Trained> {
  const { folder } = training;
  mkdirSync(folder, { recursive: true });
  const lock = lockForWriting(folder);
  try {
    return await trainLocked(training, keyOf(training));
  } finally {
    lock.release();
  }
}

async function trainLocked(training: Training, key: string): Promise<Trained> {
  const { folder, config, tokenizer, settings, signal } = training;
  const rows = settings.batch * config.context;
  const trained = (curve: CurvePoint[], isNew: boolean) => ({
    ...{ folder, steps: settings.steps, tokens: settings.steps * rows, curve, isNew },
  });
  if (holdsModel(folder)) {
    const there = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as Checkpoint;
    if (there.key === key) return trained(there.curve, false);
    throw new UsageError(
      `${folder} holds another model, or the same trained otherwise: remove it, or name another folder.`,
    );
  }
  const checkpoint = readCheckpoint(folder, config, key) ?? begin(key, training);
  const { topKeys } = settings;
  writeConfig(folder, { config, tokenizer, runs: config.recurrence ? settings.runs : 0, topKeys });
  await makeSteps(training, checkpoint);
  if (signal?.aborted) {
    writeCheckpoint(folder, config, checkpoint);
    throw new Interrupted(
      `Stopped at step ${checkpoint.state.step} of ${settings.steps}. Run the same command again: it goes on there.`,
    );
  }
  const { weights } = checkpoint.state;
  write(join(folder, 'onnx/model.onnx'), writeCausalGraph(config, weights, { runs: settings.runs, topKeys }));
  const told = { key, settings, model: config, curve: checkpoint.curve };
  write(join(folder, 'training.json'), `${JSON.stringify(told, null, 1)}\n`);
  writeWeights(folder, config, weights);
  dropCheckpoint(folder);
  return trained(checkpoint.curve, true);
}

function begin(key: string, { config, weights, settings }: Training): Checkpoint {
  // Copies: steps change their state in place.
  const own = weights && new Map([...weights].map(([name, values]) => [name, values.slice()]));
  return { key, state: beginTraining(config, own ?? drawWeights(config, settings.seed)), curve: [] };
}

async function makeSteps(training: Training, checkpoint: Checkpoint): Promise<void> {
  const { folder, config, settings, stream, tokenizer, onProgress, signal } = training;
  const { state, curve } = checkpoint;
  const { steps, decay, batch } = settings;
  const schedule = { ...settings, warmup: settings.warmup ?? Math.ceil(steps / 20) };
  const batches = readInWindows(stream, { batch, context: config.context, seed: settings.seed });
  const places = config.positions === 'abacus' ? digitPlaces(tokenTexts(tokenizer)) : undefined;
  const rows = batch * config.context;
  const compiled = new CompiledSteps(training);
  let saved = performance.now();
  try {
    while (state.step < steps && !signal?.aborted) {
      const { step } = state;
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
      const recent = curve.slice(-SMOOTHED);
      const loss = recent.reduce((sum, point) => sum + point.loss, 0) / recent.length;
      onProgress?.({
        ...{ step: `training ${folder}`, unit: 'tokens' },
        ...{
          done: (step + 1) * rows,
          total: steps * rows,
          also: `step ${step + 1}, loss ${loss.toFixed(3)} ${lossLine(curve)}`.trimEnd(),
        },
      });
      if (performance.now() - saved > (training.saveMinutes ?? SAVE_MINUTES) * 60_000) {
        writeCheckpoint(folder, config, checkpoint);
        saved = performance.now();
      }
      // Signals are heard between steps.
      await setImmediate();
    }
  } finally {
    await compiled.close();
  }
}

function diverged(folder: string, step: number, learningRate: number): DataError {
  return new DataError(
    `The training of ${folder} diverged at step ${step}, at a learning rate of ${learningRate.toPrecision(2)}: its gradients are no numbers any more. Give a smaller learning rate.`,
  );
}

/** Sessions keep the memory of their largest step. */
const OPEN_STEPS = 6;

/** Training steps of one model by the runs of its core: one where it has none. */
class CompiledSteps {
  readonly #steps = new LRUCache<number, TrainingStep>({
    max: OPEN_STEPS,
    dispose: (step) => void this.#closing.push(step.close()),
  });
  readonly #closing: Promise<void>[] = [];

  constructor(readonly training: Training) {}

  async of(runs: RandomInputs['runs']): Promise<TrainingStep> {
    const found = this.#steps.get(runs);
    if (found) return found;
    const { config, settings, threads } = this.training;
    const { batch, clip, noise, differentiated } = settings;
    const loops = runs > 0 && { loops: { runs, differentiated: Math.min(runs, differentiated) } };
    const step = await openTrainingStep(
      config,
      { batch, clip, noise: noise > 0, ...loops },
      threads === undefined ? {} : { threads },
    );
    this.#steps.set(runs, step);
    return step;
  }

  async close(): Promise<void> {
    this.#steps.clear();
    await Promise.all(this.#closing);
  }
}

/** Says whether a training is the same: what it learns from, how, and from where. */
function keyOf({ config, tokenizer, stream, settings, weights }: Training): string {
  const hash = createHash('sha256').update(JSON.stringify({ config, settings })).update(tokenizer.json);
  hash.update(stream.ids).update(stream.weights);
  for (const [name, values] of weights ?? []) hash.update(name).update(values);
  return hash.digest('hex');
}
