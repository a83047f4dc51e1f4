import type { Tensor } from 'onnxruntime-node';
import { float32Tensor, int32Tensor, openSession } from '../onnx/index.js';
import { END } from './batches.js';
import type { ModelConfig } from './config.js';
import type { LabModel } from './model-folder.js';
import { parametersOf } from './parameters.js';
import { lossGraph } from './training-graph.js';

/** How a recurrent model's prediction of each token settles as its core runs on. */
export interface Settling {
  /** `losses[r − 1]`: of each token after r runs, nats. */
  losses: Float32Array[];
  /** Runs after which the next changes the prediction by less than the threshold; `most` where none does. */
  exits: Int32Array;
}

export interface ExitOptions {
  /** Most runs. */
  most: number;
  /** Kullback–Leibler divergence of a prediction from the one before, nats (Geiping et al. 2025, section 6.1). */
  threshold?: number;
  batch?: number;
}

const THRESHOLD = 1e-3;
const BATCH = 16;

/**
 * Runs a recurrent model's core 1, 2, … times over texts, each no longer than its context.
 *
 * @throws RangeError for a model without a recurrent core
 */
export async function settle(
  model: LabModel,
  texts: readonly Int32Array[],
  { most, threshold = THRESHOLD, batch = BATCH }: ExitOptions,
): Promise<Settling[]> {
  const { config, weights } = model;
  if (!config.recurrence) throw new RangeError('The model has no recurrent core.');
  const { context, width, vocabulary } = config;
  const rows = batch * context;
  const fixed = {
    ...Object.fromEntries(
      parametersOf(config).map(({ name, shape }) => [name, float32Tensor(weights.get(name)!, shape)]),
    ),
    weights: float32Tensor(new Float32Array(rows), [rows]),
  };
  const found = texts.map(
    ({ length }): Settling => ({ losses: [], exits: new Int32Array(Math.min(length, context)).fill(most) }),
  );
  const session = await openSession(settlingGraph(config, batch));
  for (let from = 0; from < texts.length; from += batch) {
    const some = found.slice(from, from + batch);
    const { ids, targets } = rowsOf(texts.slice(from, from + batch), batch, context);
    const read = { ids: int32Tensor(ids, [rows]), targets: int32Tensor(targets, [rows]) };
    let state: Tensor = float32Tensor(new Float32Array(rows * width), [rows, width]);
    let previous: Tensor = float32Tensor(new Float32Array(rows * vocabulary), [rows, vocabulary]);
    for (let runs = 1; runs <= most; runs++) {
      const made = await session.run({ ...fixed, ...read, state, previous });
      state = made['state.next']!;
      previous = made.predictions!;
      const [losses, changes] = [made.losses!.data as Float32Array, made.change!.data as Float32Array];
      for (const [i, one] of some.entries()) {
        one.losses.push(losses.slice(i * context, i * context + one.exits.length));
        if (runs === 1) continue;
        for (const [t, exit] of one.exits.entries())
          if (exit === most && changes[i * context + t]! < threshold) one.exits[t] = runs - 1;
      }
    }
  }
  await session.release();
  return found;
}

/** One run of the core: the loss graph with the next state, the predictions, log probabilities, and how far they are from the `previous` ones. */
function settlingGraph(config: ModelConfig, batch: number): Uint8Array {
  const { tape, losses, logits, state } = lossGraph(config, { batch, loops: { runs: 1, differentiated: 0 } });
  const rows = batch * config.context;
  const previous = tape.input('previous', [rows, config.vocabulary]).value;
  const predictions = tape.op('LogSoftmax', [logits], { axis: -1 });
  const gap = tape.op('Sub', [predictions, previous]);
  const shares = tape.op('Exp', [predictions]);
  const change = tape.op('ReduceSum', [tape.op('Mul', [shares, gap]), tape.graph.ints(-1)], { keepdims: 0 });
  tape.graph.output('losses', losses, 'float32', [rows]);
  tape.graph.output('predictions', predictions, 'float32', [rows, config.vocabulary]);
  tape.graph.output('change', change, 'float32', [rows]);
  tape.graph.output('state.next', state!.value, 'float32', [rows, config.width]);
  return tape.graph.serialize();
}

function rowsOf(texts: readonly Int32Array[], batch: number, context: number) {
  const ids = new Int32Array(batch * context);
  const targets = new Int32Array(batch * context);
  for (const [i, text] of texts.entries()) {
    const tokens = text.subarray(0, context);
    targets.set(tokens, i * context);
    ids[i * context] = END;
    ids.set(tokens.subarray(0, -1), i * context + 1);
  }
  return { ids, targets };
}
