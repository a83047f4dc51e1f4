import { Tensor } from 'onnxruntime-node';
import { float32Tensor, int32Tensor, openSession } from '../onnx/index.js';
import { END } from './batches.js';
import type { LabModel } from './model-folder.js';
import { parametersOf } from './parameters.js';
import { lossGraph } from './training-graph.js';

/** A model that tells what each token of a text cost it. */
export interface LossScorer {
  /** @returns of each text, the loss of each token given those before and the end of the text before, nats */
  losses(texts: readonly Int32Array[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** How texts are scored. */
export interface ScorerOptions {
  /** Windows at a time. */
  batch?: number;
  threads?: number;
}

const BATCH = 16;

/** A part of a text that the model sees at once. */
interface Window {
  text: number;
  /** Tokens of the text from here on are targets. */
  begin: number;
  /** The first target that is scored here; those before it were by the window before. */
  from: number;
}

/** Opens a model for scoring. Texts longer than its context are read in windows that overlap by half. */
export async function openLossScorer(model: LabModel, options: ScorerOptions = {}): Promise<LossScorer> {
  const { config, weights, runs, topKeys } = model;
  const { context, width } = config;
  const { batch = BATCH, threads } = options;
  const loops = config.recurrence && { runs, differentiated: 0 };
  const { tape, losses } = lossGraph(config, {
    batch,
    topKeys: topKeys !== undefined,
    ...(loops && { loops }),
  });
  tape.graph.output('losses', losses, 'float32', [batch * context]);
  const session = await openSession(tape.graph.serialize(), threads === undefined ? {} : { threads });
  const rows = batch * context;
  const fixed = {
    ...Object.fromEntries(
      parametersOf(config).map(({ name, shape }) => [name, float32Tensor(weights.get(name)!, shape)]),
    ),
    weights: float32Tensor(new Float32Array(rows), [rows]),
    ...(topKeys !== undefined && {
      top_keys: new Tensor('int64', BigInt64Array.of(BigInt(Math.min(topKeys, context))), [1]),
    }),
    ...(loops && { state: float32Tensor(new Float32Array(rows * width), [rows, width]) }),
  };

  async function scoreWindows(
    texts: readonly Int32Array[],
    windows: readonly Window[],
    scores: Float32Array[],
  ) {
    const ids = new Int32Array(rows);
    const targets = new Int32Array(rows);
    for (const [w, { text, begin }] of windows.entries()) {
      const tokens = texts[text]!.subarray(begin, begin + context);
      targets.set(tokens, w * context);
      ids[w * context] = begin === 0 ? END : texts[text]![begin - 1]!;
      ids.set(tokens.subarray(0, -1), w * context + 1);
    }
    const feeds = { ...fixed, ids: int32Tensor(ids, [rows]), targets: int32Tensor(targets, [rows]) };
    const found = (await session.run(feeds)).losses!.data as Float32Array;
    for (const [w, { text, begin, from }] of windows.entries()) {
      const end = Math.min(begin + context, texts[text]!.length);
      const offset = w * context - begin;
      scores[text]!.set(found.subarray(from + offset, end + offset), from);
    }
  }

  return {
    async losses(texts) {
      const scores = texts.map(({ length }) => new Float32Array(length));
      const windows = texts.flatMap(({ length }, text) => windowsOf(text, length, context));
      for (let w = 0; w < windows.length; w += batch)
        await scoreWindows(texts, windows.slice(w, w + batch), scores);
      return scores;
    },
    close: () => session.release(),
  };
}

function windowsOf(text: number, length: number, context: number): Window[] {
  const windows: Window[] = [];
  for (let begin = 0, from = 0; from < length; begin += Math.floor(context / 2)) {
    windows.push({ text, begin, from });
    from = begin + context;
  }
  return windows;
}
