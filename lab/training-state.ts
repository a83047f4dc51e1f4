import type { ModelConfig } from './config.js';
import { parametersOf, sizeOf, type Weights } from './parameters.js';

/** Where a training is: all that a step reads and changes. */
export interface TrainingState {
  /** Steps that were made. */
  step: number;
  weights: Weights;
  /** The moments of AdamW, of each parameter. */
  first: Weights;
  second: Weights;
}

/** The state before the first step. */
export function beginTraining(config: ModelConfig, weights: Weights): TrainingState {
  const zeros = () =>
    new Map(parametersOf(config).map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
  return { step: 0, weights, first: zeros(), second: zeros() };
}
