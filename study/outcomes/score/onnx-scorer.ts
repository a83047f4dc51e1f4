import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer, Tensor } from '@xenova/transformers';
import { hashOfModel } from '../../../indexer/index.js';
import { UsageError } from '../../../store/index.js';
import { encodePair } from './encode-pair.js';
import type { Scorer } from './scorer.js';
import { slidingWindows } from './sliding-windows.js';
import { tokenLosses } from './token-losses.js';

/** A causal language model for transformers.js. */
export interface OnnxModel {
  /** A folder with config.json, tokenizer.json and onnx/, or the model's name on the hub. */
  model: string;
  dtype: 'fp32' | 'fp16' | 'q8';
  /** Tokens that the model sees at once; default: as its configuration says, and at most 1024. */
  window?: number | undefined;
  /** Tokens that each window but the first scores; default half the window. */
  stride?: number | undefined;
}

/** Where nothing else is said: the logits of a window are held at once, window · vocabulary of them. */
const WINDOW = 1024;

/**
 * Opens a causal language model through transformers.js. A text is scored behind the token that begins a text; where the
 * tokenizer has none (nor one that ends it) the first token is not scored.
 *
 * @throws UsageError where it cannot be loaded, or for a window or stride that cannot be
 */
export async function openOnnxScorer({ model: named, dtype, window, stride }: OnnxModel): Promise<Scorer> {
  const local = existsSync(named);
  const path = local ? resolve(named) : named;
  const { tokenizer, model } = await load(path, named, dtype);
  const longest = longestText(model.config, tokenizer.model_max_length);
  const windows = windowsOf(window ?? Math.min(longest, WINDOW), stride, longest);
  const first = tokenizer.bos_token_id ?? tokenizer.eos_token_id ?? undefined;
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  return {
    name: 'onnx',
    settings: {
      ...{ model: named, dtype, ...windows, first: first ?? null },
      ...(local && { hash: await hashOfModel(path, dtype) }),
    },
    covariates: {},
    parallel: 1,
    async score(pair) {
      const encoded = encodePair(encode, pair);
      const tokens = [...(first === undefined ? [] : [first]), ...Array.from(encoded.tokens)];
      const shift = tokens.length - encoded.tokens.length;
      const from = Math.max(1, encoded.from + shift);
      let nll = 0;
      for (const { begin, end, from: scored } of slidingWindows(tokens.length, from, windows)) {
        const seen = tokens.slice(begin, end);
        const { logits, vocabulary } = await run(seen);
        for (const loss of tokenLosses(logits, vocabulary, seen, scored - begin)) nll += loss;
      }
      const unscored = from > encoded.from + shift ? tokenizer.decode(tokens.slice(0, 1)) : '';
      const bytes = Buffer.byteLength(pair.text) - Buffer.byteLength(unscored);
      return { nll, tokens: tokens.length - from, bytes };
    },
    close: async () => {
      await model.dispose();
    },
  };

  async function run(tokens: readonly number[]): Promise<{ logits: Float32Array; vocabulary: number }> {
    const shape = [1, tokens.length];
    const { logits } = (await model({
      input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(tokens.length).fill(1n), shape),
    })) as { logits?: Tensor };
    if (logits?.dims.length !== 3)
      throw new UsageError(`The model "${named}" has no logits: is it a causal LM?`);
    const float = logits.type === 'float32' ? logits : logits.to('float32');
    return { logits: float.data as Float32Array, vocabulary: logits.dims[2]! };
  }
}

async function load(path: string, named: string, dtype: OnnxModel['dtype']) {
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(path);
    const model = await AutoModelForCausalLM.from_pretrained(path, { dtype, device: 'cpu' });
    return { tokenizer, model };
  } catch (error) {
    throw new UsageError(
      `The model "${named}" cannot be loaded (${dtype}): ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Tokens that a model can see, by its configuration or its tokenizer. */
function longestText(config: object, tokenizerLongest: number | undefined): number {
  const { max_position_embeddings, n_positions, n_ctx } = config as Partial<Record<string, number>>;
  const said = Math.min(
    tokenizerLongest ?? Number.POSITIVE_INFINITY,
    max_position_embeddings ?? n_positions ?? n_ctx ?? Number.POSITIVE_INFINITY,
  );
  // Tokenizers without a longest text say 1e30.
  return said < 1e9 ? said : WINDOW;
}

function windowsOf(window: number, stride: number | undefined, longest: number) {
  if (!(Number.isInteger(window) && window >= 2 && window <= longest)) {
    throw new UsageError(`The window is ${window} tokens; the model sees 2 to ${longest}.`);
  }
  const chosen = stride ?? Math.floor(window / 2);
  if (Number.isInteger(chosen) && chosen >= 1 && chosen < window) return { window, stride: chosen };
  throw new UsageError(
    `The stride is ${chosen} tokens; with a window of ${window} it is 1 to ${window - 1}.`,
  );
}
