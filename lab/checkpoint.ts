import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../store/index.js';
import type { ModelConfig } from './config.js';
import { tensorOf } from './model-folder.js';
import { parametersOf, type Weights } from './parameters.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import type { TrainingState } from './training-state.js';

/** What a step was: its loss in nats a token, before it, and the norm of its gradients. */
export interface CurvePoint {
  step: number;
  loss: number;
  norm: number;
}

/** A training that was stopped, or is at work. */
export interface Checkpoint {
  /** Tells what is trained from everything else. */
  key: string;
  state: TrainingState;
  curve: CurvePoint[];
}

const FILE = 'training.safetensors';
const PARTS = ['weights', 'first', 'second'] as const;

/** Writes all that a training needs to go on to the last bit. */
export function writeCheckpoint(
  folder: string,
  config: ModelConfig,
  { key, state, curve }: Checkpoint,
): void {
  const tensors = new Map(
    PARTS.flatMap((part) =>
      parametersOf(config).map(
        ({ name, shape }) => [`${part}.${name}`, { shape, data: state[part].get(name)! }] as const,
      ),
    ),
  );
  const metadata = { key, step: String(state.step), curve: JSON.stringify(curve) };
  writeSafetensors(join(folder, FILE), { tensors, metadata });
}

/**
 * Reads the checkpoint of a training that was stopped; undefined where there is none.
 *
 * @throws DataError for a file that is damaged; UsageError for the checkpoint of another training
 */
export function readCheckpoint(folder: string, config: ModelConfig, key: string): Checkpoint | undefined {
  const file = join(folder, FILE);
  if (!existsSync(file)) return undefined;
  const { tensors, metadata } = readSafetensors(file);
  if (metadata.key !== key) {
    throw new UsageError(
      `${folder} holds another training, stopped at step ${metadata.step}: go on with that, remove the folder, or name another.`,
    );
  }
  const part = (prefix: (typeof PARTS)[number]): Weights =>
    new Map(
      parametersOf(config).map((parameter) => [
        parameter.name,
        tensorOf(folder, tensors, { ...parameter, name: `${prefix}.${parameter.name}` }),
      ]),
    );
  const state = {
    step: Number(metadata.step),
    weights: part('weights'),
    first: part('first'),
    second: part('second'),
  };
  return { key, state, curve: JSON.parse(metadata.curve!) as CurvePoint[] };
}

/** Removes the checkpoint of a training that is done. */
export function dropCheckpoint(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}
