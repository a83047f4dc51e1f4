import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { float32Tensor, int32Tensor, openSession } from '../onnx/index.js';
import type { ModelConfig } from './config.js';
import { ADAMW } from './optimizer.js';
import { parametersOf } from './parameters.js';
import { type TrainingShape, trainingGraph } from './training-graph.js';
import type { TrainingState } from './training-state.js';

/** What a step learns from: row-major (batch, context). */
export interface Batch {
  ids: Int32Array;
  /** The token that came after each. */
  targets: Int32Array;
  /** What each target's loss counts; they sum to 1, and 0 leaves one out. */
  weights: Float32Array;
  /** Where the training's shape has them. */
  noise?: Float32Array;
  places?: Int32Array;
  state?: Float32Array;
}

/** How far a step goes. */
export interface StepSettings {
  learningRate: number;
  /** Weights are drawn to 0 by learning rate · decay. */
  decay: number;
}

/** What a step found, of the weights before it. */
export interface StepResult {
  /** (batch, context), nats. */
  losses: Float32Array;
  /** Of all gradients together, before they were clipped. */
  norm: number;
}

/** A compiled training step of a shape. */
export interface TrainingStep {
  /** Changes the state in place. Occupies the thread until it is done. */
  run(state: TrainingState, batch: Batch, settings: StepSettings): Promise<StepResult>;
  close(): Promise<void>;
}

/** Compiles a training step; a model with other runs of its core is another step. */
export async function openTrainingStep(
  config: ModelConfig,
  shape: TrainingShape,
  options: { threads?: number } = {},
): Promise<TrainingStep> {
  const session = await openSession(trainingGraph(config, shape), { ...options, memoryPattern: false });
  const rows = shape.batch * config.context;
  const losses = float32Tensor(new Float32Array(rows), [rows]);
  const norm = float32Tensor(new Float32Array(1), []);
  return {
    async run(state, batch, settings) {
      const { inputs, outputs } = stateTensors(config, state);
      const feeds = { ...inputs, ...batchTensors(config, rows, batch), ...scalars(state.step + 1, settings) };
      await session.run(feeds, { ...outputs, losses, norm });
      state.step++;
      return { losses: losses.data as Float32Array, norm: norm.data[0] as number };
    },
    close: () => session.release(),
  };
}

/** The state's arrays as inputs and, the same memory, as outputs. */
function stateTensors(
  config: ModelConfig,
  state: TrainingState,
): { inputs: InferenceSession.FeedsType; outputs: Record<string, Tensor> } {
  const inputs: Record<string, Tensor> = {};
  const outputs: Record<string, Tensor> = {};
  for (const { name, shape } of parametersOf(config)) {
    for (const [key, values] of [
      [name, state.weights.get(name)!],
      [`${name}.first`, state.first.get(name)!],
      [`${name}.second`, state.second.get(name)!],
    ] as const) {
      const tensor = float32Tensor(values, shape);
      inputs[key] = tensor;
      outputs[`${key}.next`] = tensor;
    }
  }
  return { inputs, outputs };
}

function batchTensors(config: ModelConfig, rows: number, batch: Batch): Record<string, Tensor> {
  const { ids, targets, weights, noise, places, state } = batch;
  const wide = [rows, config.width];
  return {
    ids: int32Tensor(ids, [rows]),
    targets: int32Tensor(targets, [rows]),
    weights: float32Tensor(weights, [rows]),
    ...(noise && { noise: float32Tensor(noise, wide) }),
    ...(places && { places: int32Tensor(places, [rows]) }),
    ...(state && { state: float32Tensor(state, wide) }),
  };
}

/** The learning rate and ε with the moments' bias in them, and what decay leaves, at the t-th step. */
function scalars(t: number, { learningRate, decay }: StepSettings): Record<string, Tensor> {
  const bias1 = 1 - ADAMW.beta1 ** t;
  const bias2 = Math.sqrt(1 - ADAMW.beta2 ** t);
  const scalar = (value: number) => float32Tensor(Float32Array.of(value), []);
  return {
    rate: scalar((learningRate * bias2) / bias1),
    epsilon: scalar(ADAMW.epsilon * bias2),
    keep: scalar(1 - learningRate * decay),
  };
}
