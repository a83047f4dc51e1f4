import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer, Tensor } from '@xenova/transformers';
import { hashOfModel } from '../../indexer/index.js';
import { UsageError } from '../../store/index.js';
import type { Completer } from './completer.js';

/**
 * Opens a causal language model through transformers.js that completes texts greedily, in its own tokens.
 *
 * @throws UsageError where it cannot be loaded
 */
export async function openOnnxCompleter(named: string, dtype: 'fp32' | 'fp16' | 'q8'): Promise<Completer> {
  const local = existsSync(named);
  const path = local ? resolve(named) : named;
  const { tokenizer, model } = await load(path, named, dtype);
  const first = tokenizer.bos_token_id ?? undefined;
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  return {
    settings: { model: named, dtype, ...(local && { hash: await hashOfModel(path, dtype) }) },
    unit: 'tokens',
    parallel: 1,
    split(text, count) {
      const ids = encode(text);
      if (ids.length < 2 * count) return null;
      // The ids of a prefix, as text and back, need not be the same: they are handed on as they are.
      return { prefix: JSON.stringify(ids.slice(0, -count)), target: ids.slice(-count).map(String) };
    },
    async complete(prefix, count) {
      const ids = [...(first === undefined ? [] : [first]), ...(JSON.parse(prefix) as number[])];
      const shape = [1, ids.length];
      const output = (await model.generate({
        inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
        attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
        max_new_tokens: count,
        min_new_tokens: count,
        do_sample: false,
      } as Parameters<typeof model.generate>[0])) as Tensor;
      return Array.from(output.data as BigInt64Array, String).slice(ids.length);
    },
    close: async () => {
      await model.dispose();
    },
  };
}

async function load(path: string, named: string, dtype: 'fp32' | 'fp16' | 'q8') {
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
