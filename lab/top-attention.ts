import { mean } from 'd3';
import { Tensor } from 'onnxruntime-node';
import { float32Tensor, int32Tensor, openSession } from '../onnx/index.js';
import { END } from './batches.js';
import type { LabModel } from './model-folder.js';
import { parametersOf } from './parameters.js';
import { lossGraph } from './training-graph.js';

/** What a text costs a model whose tokens attend to their best keys alone. */
export interface Attended {
  /** Of each token, nats. */
  losses: Float32Array;
  /** Of each token: what full attention gives to those keys, the mean over heads and blocks, 0 to 1. */
  masses: Float32Array;
}

const BATCH = 8;

/**
 * Scores texts, up to the model's context of each, with attention to the `keys` best keys of every token (Synk et al. 2025, arXiv 2502.06766).
 * Where fewer stand before a token it attends to all.
 */
export async function attendToBest(
  model: LabModel,
  texts: readonly Int32Array[],
  keys: number,
): Promise<Attended[]> {
  const { config, weights } = model;
  const { context } = config;
  const rows = BATCH * context;
  const { tape, losses, masses } = lossGraph(config, { batch: BATCH, topKeys: true });
  const perBlock = masses.map((mass) => tape.op('ReduceMean', [mass, tape.graph.ints(1)], { keepdims: 0 }));
  tape.graph.output('losses', losses, 'float32', [rows]);
  for (const [b, mass] of perBlock.entries())
    tape.graph.output(`mass.${b}`, mass, 'float32', [BATCH, context]);
  const session = await openSession(tape.graph.serialize());
  const fixed = {
    ...Object.fromEntries(
      parametersOf(config).map(({ name, shape }) => [name, float32Tensor(weights.get(name)!, shape)]),
    ),
    weights: float32Tensor(new Float32Array(rows), [rows]),
    top_keys: new Tensor('int64', BigInt64Array.of(BigInt(Math.min(keys, context))), [1]),
  };
  const found: Attended[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const some = texts.slice(from, from + BATCH);
    const [ids, targets] = [new Int32Array(rows), new Int32Array(rows)];
    for (const [i, text] of some.entries()) {
      const tokens = text.subarray(0, context);
      targets.set(tokens, i * context);
      ids.set([END, ...tokens.subarray(0, -1)], i * context);
    }
    const made = await session.run({
      ...fixed,
      ids: int32Tensor(ids, [rows]),
      targets: int32Tensor(targets, [rows]),
    });
    const blocks = perBlock.map((_, b) => made[`mass.${b}`]!.data as Float32Array);
    for (const [i, text] of some.entries()) {
      const [begin, end] = [i * context, i * context + Math.min(text.length, context)];
      found.push({
        losses: (made.losses!.data as Float32Array).slice(begin, end),
        masses: Float32Array.from(
          { length: end - begin },
          (_, t) => mean(blocks, (block) => block[begin + t]!)!,
        ),
      });
    }
  }
  await session.release();
  return found;
}
