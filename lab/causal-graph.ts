import type { Value } from '../onnx/index.js';
import type { ModelConfig } from './config.js';
import { forward, type KeysAndValues } from './model.js';
import { cachedBlocks } from './model-folder.js';
import { parametersOf, type Weights } from './parameters.js';
import { Tape, type Variable } from './tape.js';

/** What differs between graphs of the same model. */
export interface CausalOptions {
  /** Runs of a recurrent core. */
  runs: number;
  /** Keys that a token attends to at most, the best (Synk et al. 2025, arXiv 2502.06766); all where it is left out. */
  topKeys?: number | undefined;
}

const BOOL = 9;
/** Not −∞: a padded token before all others may attend to nothing, and its softmax must not be 0/0. */
const NOTHING = -1e9;

/**
 * A trained model as a causal language model with a cache, as transformers.js runs it: `input_ids` and `position_ids` int64 (batch, tokens),
 * `attention_mask` int64 (batch, keys) over the cache and the tokens, and `past_key_values.N.key` and `.value` (batch, heads, past, size);
 * returns `logits` (batch, tokens, vocabulary) and `present.N.key` and `.value`. A recurrent core begins with zeros, the mean of the states
 * it was trained from.
 */
export function writeCausalGraph(config: ModelConfig, weights: Weights, options: CausalOptions): Uint8Array {
  const { vocabulary, width, heads, positions } = config;
  const tape = new Tape('causal language model');
  const { graph } = tape;
  const ids = graph.input('input_ids', 'int64', ['batch', 'tokens']);
  const attended = graph.input('attention_mask', 'int64', ['batch', 'keys']);
  const at = graph.input('position_ids', 'int64', ['batch', 'tokens']);
  const places =
    positions === 'abacus' ? graph.input('digit_places', 'int64', ['batch', 'tokens']) : undefined;
  const cache = (name: string): Variable => tape.input(name, ['batch', heads, 'past', width / heads]);
  const past: KeysAndValues[] = Array.from({ length: cachedBlocks(config, options.runs) }, (_, i) => ({
    key: cache(`past_key_values.${i}.key`),
    value: cache(`past_key_values.${i}.value`),
  }));
  const parameters = new Map(
    parametersOf(config).map(({ name, shape }) => {
      const value = graph.constant(weights.get(name)!, shape, name);
      return [name, { value, shape, differentiable: false }];
    }),
  );
  const flat = (value: Value) => tape.op('Reshape', [value, graph.ints(-1)]);
  const layout = { shape: tape.op('Shape', [ids]), batch: 'batch', tokens: 'tokens' };
  const { hidden, present } = forward(tape, config, parameters, {
    ids: flat(ids),
    positions: at,
    layout,
    mask: cachedMask(tape, ids, attended),
    past,
    ...(places && { digits: flat(places) }),
    ...(options.topKeys !== undefined && { top: { keys: atMost(tape, attended, options.topKeys) } }),
    ...(config.recurrence && {
      loops: { runs: options.runs, differentiated: 0, state: zeroState(tape, ids, width) },
    }),
  });
  const logits = tape.op('Gemm', [hidden.value, parameters.get('embedding')!.value], { transB: 1 });
  const wide = tape.op('Concat', [layout.shape, graph.ints(vocabulary)], { axis: 0 });
  graph.output('logits', tape.op('Reshape', [logits, wide]), 'float32', ['batch', 'tokens', vocabulary]);
  for (const [i, { key, value }] of present.entries()) {
    graph.output(`present.${i}.key`, key.value, 'float32', ['batch', heads, 'keys', width / heads]);
    graph.output(`present.${i}.value`, value.value, 'float32', ['batch', heads, 'keys', width / heads]);
  }
  return graph.serialize();
}

/** int64 (1): so many keys, or all where there are fewer. */
function atMost(tape: Tape, attended: Value, topKeys: number): Value {
  const keys = tape.op('Gather', [tape.op('Shape', [attended]), tape.graph.ints(1)], { axis: 0 });
  return tape.op('Min', [keys, tape.graph.ints(topKeys)]);
}

/** (batch, 1, tokens, keys): 0 for keys at or before the token that are no padding. */
function cachedMask(tape: Tape, ids: Value, attended: Value): Value {
  const one = (index: number, of: Value) =>
    tape.op('Gather', [tape.op('Shape', [of]), tape.graph.constant(BigInt64Array.of(BigInt(index)), [])], {
      axis: 0,
    });
  const integer = (value: number) => tape.graph.constant(BigInt64Array.of(BigInt(value)), []);
  const [tokens, keys] = [one(1, ids), one(1, attended)];
  const keyIndex = tape.op('Range', [integer(0), keys, integer(1)]);
  const tokenIndex = tape.op('Range', [tape.op('Sub', [keys, tokens]), keys, integer(1)]);
  const before = tape.op('LessOrEqual', [keyIndex, tape.op('Unsqueeze', [tokenIndex, tape.graph.ints(1)])]);
  const real = tape.op('Unsqueeze', [tape.op('Cast', [attended], { to: BOOL }), tape.graph.ints(1, 2)]);
  return tape.op('Where', [tape.op('And', [before, real]), tape.scalar(0), tape.scalar(NOTHING)]);
}

function zeroState(tape: Tape, ids: Value, width: number): Variable {
  const rows = tape.op('Size', [ids]);
  const size = tape.op('Concat', [tape.op('Unsqueeze', [rows, tape.graph.ints(0)]), tape.graph.ints(width)], {
    axis: 0,
  });
  return { value: tape.op('Expand', [tape.scalar(0), size]), shape: ['rows', width], differentiable: false };
}
