import type { Value } from '../onnx/index.js';
import type { ModelConfig } from './config.js';
import { forward, type ModelInput, type Parameters } from './model.js';
import { crossEntropy } from './operators/index.js';
import { adamw, clipFactor, globalNorm, type StepScalars } from './optimizer.js';
import { parametersOf } from './parameters.js';
import { type Precision, Tape, type Variable } from './tape.js';

/** What one step of training takes. */
export interface TrainingShape {
  /** Texts of `context` tokens. */
  batch: number;
  /** Largest norm of all gradients together. */
  clip: number;
  /** Whether noise is added to the embeddings. */
  noise?: boolean;
  /** Runs of a recurrent core, and the last of them that are differentiated. */
  loops?: { runs: number; differentiated: number };
  /** Whether tokens attend to the best keys alone, as many as the input `top_keys`, int64 (1), says; not differentiated. */
  topKeys?: boolean;
}

/** A model on a tape, with the loss of a batch. */
export interface LossGraph {
  tape: Tape;
  parameters: Parameters;
  loss: Variable;
  /** (rows), nats. */
  losses: Value;
  /** (rows, vocabulary) */
  logits: Value;
  /** Of each block where `topKeys` is asked for: what full attention gives to the best keys, (batch, heads, context). */
  masses: Value[];
  /** (rows, width): a recurrent core's state after its last run. */
  state: Variable | undefined;
}

/**
 * A model's loss on a batch: inputs are its parameters by name, `ids` and `targets` int32 (rows), `weights` (rows) and, where the model has
 * them, `noise` (rows, width), `places` int32 (rows) and `state` (rows, width); rows = batch·context.
 */
export function lossGraph(
  config: ModelConfig,
  { batch, noise, loops, topKeys }: Omit<TrainingShape, 'clip'>,
  precision: Precision = 'float32',
): LossGraph {
  const { context, width, positions } = config;
  const rows = batch * context;
  const tape = new Tape('training', precision);
  const parameters = new Map(
    parametersOf(config).map(({ name, shape }) => [name, tape.input(name, shape, { differentiable: true })]),
  );
  const integers = (name: string) =>
    tape.op('Cast', [tape.graph.input(name, 'int32', [rows])], { to: INT64 });
  const masses: Value[] = [];
  const input: ModelInput = {
    ids: integers('ids'),
    positions: positionsOf(tape, batch, context),
    layout: { shape: tape.graph.ints(batch, context), batch, tokens: context },
    mask: causalMask(tape, context),
    ...(noise && { noise: tape.input('noise', [rows, width]) }),
    ...(positions === 'abacus' && { digits: integers('places') }),
    ...(topKeys && { top: { keys: tape.graph.input('top_keys', 'int64', [1]), masses } }),
    ...(loops && { loops: { ...loops, state: tape.input('state', [rows, width]) } }),
  };
  const targets = integers('targets');
  const weights = tape.input('weights', [rows]).value;
  const { hidden, state } = forward(tape, config, parameters, input);
  const made = crossEntropy(tape, hidden, parameters.get('embedding')!, targets, weights);
  return { tape, parameters, masses, state, ...made };
}

const INT64 = 7;

/**
 * A whole training step: forward, backward, clip and AdamW. Beside the inputs of `lossGraph` it takes each parameter's moments as `NAME.first` and
 * `NAME.second` and the scalars `rate`, `epsilon` and `keep`; it returns all three as `NAME.next`, `NAME.first.next` and
 * `NAME.second.next`, `losses` (rows), and the gradients' `norm`.
 *
 * What it returns may be written where it read: the norm of all gradients stands between every read of a weight and its change.
 */
export function trainingGraph(config: ModelConfig, shape: TrainingShape): Uint8Array {
  const { tape, parameters, loss, losses } = lossGraph(config, shape);
  const { graph } = tape;
  const scalar = (name: string) => tape.input(name, []).value;
  const scalars: StepScalars = { rate: scalar('rate'), epsilon: scalar('epsilon'), keep: scalar('keep') };
  tape.backward(loss);
  const gradients = new Map([...parameters].map(([name, parameter]) => [name, tape.gradientOf(parameter)]));
  const norm = globalNorm(tape, [...gradients.values()]);
  const factor = clipFactor(tape, norm, shape.clip);
  for (const [name, { value, shape: size }] of parameters) {
    const sizes = size as number[];
    const [first, second] = ['first', 'second'].map((moment) => tape.input(`${name}.${moment}`, sizes).value);
    const moments = { value, first: first!, second: second! };
    // Gains are not decayed towards 0.
    const next = adamw(tape, moments, gradients.get(name)!, factor, scalars, sizes.length > 1);
    graph.output(`${name}.next`, next.value, 'float32', sizes);
    graph.output(`${name}.first.next`, next.first, 'float32', sizes);
    graph.output(`${name}.second.next`, next.second, 'float32', sizes);
  }
  graph.output('losses', losses, 'float32', [shape.batch * config.context]);
  graph.output('norm', norm, 'float32', []);
  return graph.serialize();
}

/** The loss and its gradients, `NAME.gradient`: what is compared with finite differences. */
export function gradientGraph(
  config: ModelConfig,
  shape: Omit<TrainingShape, 'clip'>,
  precision: Precision,
): Uint8Array {
  const { tape, parameters, loss, losses } = lossGraph(config, shape, precision);
  tape.backward(loss);
  for (const [name, parameter] of parameters) {
    tape.graph.output(`${name}.gradient`, tape.gradientOf(parameter), precision, parameter.shape);
  }
  tape.graph.output('loss', loss.value, precision, []);
  tape.graph.output('losses', losses, precision, [shape.batch * config.context]);
  return tape.graph.serialize();
}

function positionsOf(tape: Tape, batch: number, context: number): Value {
  const positions = BigInt64Array.from({ length: batch * context }, (_, i) => BigInt(i % context));
  return tape.graph.constant(positions, [batch, context]);
}

function causalMask(tape: Tape, context: number): Value {
  const mask = Float64Array.from({ length: context * context }, (_, i) =>
    i % context <= Math.floor(i / context) ? 0 : Number.NEGATIVE_INFINITY,
  );
  return tape.constant(mask, [context, context]);
}
