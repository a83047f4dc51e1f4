import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted, lockForWriting, type OnProgress, UsageError } from '../store/index.js';
import type { TokenStream } from './batches.js';
import type { Checkpoint, CurvePoint } from './checkpoint.js';
import type { ModelConfig } from './config.js';
import { holdsModel } from './model-folder.js';
import type { Weights } from './parameters.js';
import type { LabTokenizer } from './tokenizer.js';
import type { TrainingSettings } from './training-settings.js';
import { TrainingThreads } from './training-threads.js';

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

const threads = new TrainingThreads();

/**
 * Trains a model into its folder: config.json, tokenizer.json, model.safetensors, onnx/model.onnx, and training.json with the loss curve. What was
 * stopped goes on from its last checkpoint and ends with the same weights to the last bit; what is there already is left as it is. Steps are made in
 * a thread of their own, which asks before each whether it may go on; the calling one stays free.
 *
 * @throws UsageError where the folder holds another model, or another training
 * @throws DataError where another process trains there, the loss is no number any more, or the thread ended
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
  const { tokenizer, onProgress, signal, ...sent } = training;
  const { folder, config, settings } = training;
  const { steps, batch } = settings;
  const trained = { folder, steps, tokens: steps * batch * config.context };
  if (holdsModel(folder)) {
    const there = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as Checkpoint;
    if (there.key === key) return { ...trained, curve: there.curve, isNew: false };
    throw new UsageError(
      `${folder} holds another model, or the same trained otherwise: remove it, or name another folder.`,
    );
  }
  const work = { ...sent, key, tokenizer: { json: tokenizer.json } };
  const { isDone, step, curve } = await threads.run(work, (progress) => {
    if (progress) onProgress?.(progress);
    return !signal?.aborted;
  });
  if (isDone) return { ...trained, curve, isNew: true };
  throw new Interrupted(`Stopped at step ${step} of ${steps}. Run the same command again: it goes on there.`);
}

/** Says whether a training is the same: what it learns from, how, and from where. */
function keyOf({ config, tokenizer, stream, settings, weights }: Training): string {
  const hash = createHash('sha256').update(JSON.stringify({ config, settings })).update(tokenizer.json);
  hash.update(stream.ids).update(stream.weights);
  for (const [name, values] of weights ?? []) hash.update(name).update(values);
  return hash.digest('hex');
}
