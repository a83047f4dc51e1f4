import { float32Tensor, int32Tensor, openSession } from '../onnx/index.js';
import { END } from './batches.js';
import { digitPlaces } from './digit-places.js';
import type { LabModel } from './model-folder.js';
import { parametersOf } from './parameters.js';
import { tokenTexts } from './tokenizer.js';
import { lossGraph } from './training-graph.js';

/** A question with its answer, as one text. */
export interface Answered {
  ids: Int32Array;
  /** The first token of the answer. */
  from: number;
}

const BATCH = 32;

/**
 * Whether a model, always taking the likeliest token, gives each answer and ends there. As every token before is right while all are, one reading
 * of question and answer tells.
 *
 * @throws RangeError for a text that does not fit the model's context
 */
export async function answersRightly(model: LabModel, texts: readonly Answered[]): Promise<boolean[]> {
  const { config, weights, tokenizer } = model;
  const { context, positions } = config;
  const rows = BATCH * context;
  const { tape, logits } = lossGraph(config, { batch: BATCH });
  const best = tape.op('ArgMax', [logits], { axis: 1, keepdims: 0 });
  tape.graph.output('best', best, 'int64', [rows]);
  const session = await openSession(tape.graph.serialize());
  const places = positions === 'abacus' ? digitPlaces(tokenTexts(tokenizer)) : undefined;
  const fixed = {
    ...Object.fromEntries(
      parametersOf(config).map(({ name, shape }) => [name, float32Tensor(weights.get(name)!, shape)]),
    ),
    // The graph's loss, which is not asked for, needs these.
    targets: int32Tensor(new Int32Array(rows), [rows]),
    weights: float32Tensor(new Float32Array(rows), [rows]),
  };
  const right: boolean[] = [];
  for (let begin = 0; begin < texts.length; begin += BATCH) {
    const some = texts.slice(begin, begin + BATCH);
    const ids = new Int32Array(rows);
    for (const [i, { ids: text }] of some.entries()) {
      if (text.length >= context)
        throw new RangeError(`A text of ${text.length} tokens does not fit a context of ${context}.`);
      ids.set([END, ...text], i * context);
    }
    const found = await session.run({
      ...fixed,
      ids: int32Tensor(ids, [rows]),
      ...(places && { places: int32Tensor(places(ids, context, 0), [rows]) }),
    });
    const chosen = found.best!.data as BigInt64Array;
    for (const [i, { ids: text, from }] of some.entries()) {
      // The token behind row t is text[t]; behind the last, the end.
      const wanted = [...text.subarray(from), END];
      right.push(wanted.every((id, t) => Number(chosen[i * context + from + t]) === id));
    }
  }
  await session.release();
  return right;
}
