import { group, leastIndex, range } from 'd3';
import * as ort from 'onnxruntime-node';
import { seededUniform } from '../density/index.js';
import { float32Tensor, openSession } from '../onnx/index.js';
import { END } from './batches.js';
import { writeCausalGraph } from './causal-graph.js';
import { cachedBlocks, type LabModel } from './model-folder.js';

/** How texts are continued. */
export interface GenerateOptions {
  /** Most tokens that are added. */
  tokens: number;
  /** 0: always the likeliest token. */
  temperature?: number;
  seed?: number;
  /** Whether a continuation ends where the model ends the text. */
  stops?: boolean;
}

/** A model that continues texts. */
export interface Generator {
  /** @returns of each prompt, the ids that follow it, without the end of the text */
  continue(prompts: readonly Int32Array[], options: GenerateOptions): Promise<Int32Array[]>;
  close(): Promise<void>;
}

const BATCH = 32;

/** Opens a model for generating, each token from the cached keys and values of those before. */
export async function openGenerator(model: LabModel): Promise<Generator> {
  const { config, weights, runs, topKeys } = model;
  const { context, heads, width, vocabulary } = config;
  const session = await openSession(writeCausalGraph(config, weights, { runs, topKeys }));
  const blocks = cachedBlocks(config, runs);

  /** Continues prompts of one length. */
  async function continueBatch(
    prompts: readonly Int32Array[],
    options: GenerateOptions,
  ): Promise<Int32Array[]> {
    const { tokens, temperature = 0, seed = 1, stops = true } = options;
    const uniform = seededUniform(seed);
    const batch = prompts.length;
    const begun = prompts.map((prompt) => Int32Array.of(END, ...prompt));
    let length = begun[0]!.length;
    let cache = emptyCache(batch);
    let read = Int32Array.from(begun.flatMap((ids) => [...ids]));
    const made = prompts.map((): number[] => []);
    const ended = prompts.map(() => false);
    for (let t = 0; t < tokens && length <= context; t++) {
      const { logits, present } = await run(read, batch, length, cache);
      cache = present;
      const last = read.length / batch - 1;
      read = Int32Array.from(prompts, (_, b) => {
        const at = (b * (last + 1) + last) * vocabulary;
        return choose(logits.subarray(at, at + vocabulary), temperature, uniform);
      });
      for (const [b, id] of read.entries()) {
        if (stops && id === END) ended[b] = true;
        if (!ended[b]) made[b]!.push(id);
      }
      if (ended.every(Boolean)) break;
      length++;
    }
    return made.map((ids) => Int32Array.from(ids));
  }

  async function run(read: Int32Array, batch: number, length: number, cache: Record<string, ort.Tensor>) {
    const tokens = read.length / batch;
    const positions = range(batch).flatMap(() => range(length - tokens, length));
    const found = await session.run({
      input_ids: int64Tensor(read, [batch, tokens]),
      position_ids: int64Tensor(positions, [batch, tokens]),
      attention_mask: int64Tensor(new Int32Array(batch * length).fill(1), [batch, length]),
      ...cache,
    });
    const present = Object.fromEntries(
      Object.keys(cache).map((name) => [name, found[name.replace('past_key_values', 'present')]!]),
    );
    return { logits: found.logits!.data as Float32Array, present };
  }

  function emptyCache(batch: number): Record<string, ort.Tensor> {
    const empty = float32Tensor(new Float32Array(0), [batch, heads, 0, width / heads]);
    return Object.fromEntries(
      range(blocks).flatMap((i) => ['key', 'value'].map((part) => [`past_key_values.${i}.${part}`, empty])),
    );
  }

  return {
    async continue(prompts, options) {
      const made: Int32Array[] = [];
      for (const alike of group(prompts.keys(), (p) => prompts[p]!.length).values()) {
        for (let i = 0; i < alike.length; i += BATCH) {
          const some = alike.slice(i, i + BATCH);
          const continued = await continueBatch(
            some.map((p) => prompts[p]!),
            options,
          );
          for (const [b, p] of some.entries()) made[p] = continued[b]!;
        }
      }
      return made;
    },
    close: () => session.release(),
  };
}

function int64Tensor(values: ArrayLike<number>, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), shape);
}

/** The likeliest token, or one drawn by softmax(logits/temperature). */
function choose(logits: Float32Array, temperature: number, uniform: () => number): number {
  const best = leastIndex(logits, (a, b) => b - a)!;
  if (temperature === 0) return best;
  const shares = logits.map((logit) => Math.exp((logit - logits[best]!) / temperature));
  let left = uniform() * shares.reduce((sum, share) => sum + share, 0);
  const drawn = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return drawn < 0 ? best : drawn;
}
