import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AutoTokenizer, type FeatureExtractionPipeline, pipeline, Tensor } from '@xenova/transformers';
import { DataError, UsageError } from '../../store/index.js';
import type { Embedder } from './embedder.js';
import type { OpenOptions, TransformersChoice } from './embedder-choice.js';
import { hashOfModel } from './model-hash.js';
import { readModelSettings } from './model-settings.js';
import { pooled, type TokenVectors } from './pooling.js';
import { textEncoder } from './text-ids.js';
import { tokenBatches } from './token-batches.js';

/** Tokens of one run, padding counted. */
const BATCH_TOKENS = 4096;
/** Where neither tokenizer nor model says how long a text may be. */
const MAX_TOKENS = 512;
/** Positions that RoBERTa and its kin leave to padding. */
const PADDING_POSITIONS = 2;

/**
 * Opens a sentence-embedding model through transformers.js, from a folder or the hub. Pooling and prefixes are those of
 * the choice, or of the model's own files.
 *
 * @throws UsageError where the model cannot be loaded, with the library's words
 */
export async function openTransformers(
  choice: TransformersChoice,
  { threads }: OpenOptions = {},
): Promise<Embedder> {
  const { dtype } = choice;
  const local = existsSync(choice.model);
  const model = local ? resolve(choice.model) : choice.model;
  const extract = await loading(choice, () =>
    pipeline('feature-extraction', model, {
      dtype,
      device: 'cpu',
      session_options: {
        ...(threads !== undefined && { intraOpNumThreads: threads }),
        // Threads that spin while they wait take the cores from reading and cutting.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      },
    }),
  );
  const settings = await readModelSettings({ ...choice, model });
  const { pooling, prefix } = settings;
  const maxTokens = Math.min(maxTokensOf(extract), settings.maxTokens ?? Number.POSITIVE_INFINITY);
  const encode = textEncoder(extract.tokenizer, maxTokens);
  const { dims } = await run([encode('a')]);
  return {
    name: local ? choice.model : `transformers:${model}`,
    dims,
    maxTokens,
    fingerprint: createHash('sha256')
      .update(
        JSON.stringify([local ? await hashOfModel(model, dtype) : model, dtype, pooling, prefix, maxTokens]),
      )
      .digest('hex'),
    parallel: 1,
    countTokens: counterOf(extract.tokenizer),
    async embed(texts, role = 'passage') {
      const ids = texts.map((text, index) => {
        if (text.trim() === '') throw new DataError(`Text ${index} is empty and cannot be embedded.`);
        const encoded = encode(prefix[role] + text);
        if (encoded.length > 0) return encoded;
        throw new DataError(`Text ${index} has no tokens that the model knows.`);
      });
      const vectors = new Float32Array(texts.length * dims);
      // A model quantised on the fly has one scale for all texts of a run: alone, a text has always the same vector.
      const budget = dtype === 'q8' ? 0 : BATCH_TOKENS;
      const lengths = ids.map(({ length }) => length);
      for (const batch of tokenBatches(lengths, budget)) {
        const output = await run(batch.map((index) => ids[index]!));
        batch.forEach((index, row) => {
          vectors.set(pooled(output, row, lengths[index]!, pooling, index), index * dims);
        });
      }
      return { vectors, tokens: lengths.reduce((sum, length) => sum + length, 0) };
    },
    close: () => extract.dispose(),
  };

  async function run(ids: readonly number[][]): Promise<TokenVectors> {
    const tokens = Math.max(...ids.map(({ length }) => length));
    const padded = new BigInt64Array(ids.length * tokens).fill(BigInt(extract.tokenizer.pad_token_id ?? 0));
    const mask = new BigInt64Array(ids.length * tokens);
    ids.forEach((row, i) => {
      padded.set(row.map(BigInt), i * tokens);
      mask.fill(1n, i * tokens, i * tokens + row.length);
    });
    const shape = [ids.length, tokens];
    const output = (await extract.model({
      input_ids: new Tensor('int64', padded, shape),
      attention_mask: new Tensor('int64', mask, shape),
    })) as Record<string, Tensor | undefined>;
    const result = output.last_hidden_state ?? output.token_embeddings ?? output.logits;
    if (result?.dims.length !== 3) {
      throw new UsageError(
        `The embedder "${choice.model}" has no output of token vectors; it has: ${Object.keys(output).join(', ')}.`,
      );
    }
    const float = result.type === 'float32' ? result : result.to('float32');
    return { data: float.data as Float32Array, tokens, dims: result.dims[2]! };
  }
}

/**
 * Opens a model's tokenizer alone, for counting.
 *
 * @throws UsageError where it cannot be loaded
 */
export async function openTransformersCounter(choice: TransformersChoice): Promise<Embedder['countTokens']> {
  const model = existsSync(choice.model) ? resolve(choice.model) : choice.model;
  return counterOf(await loading(choice, () => AutoTokenizer.from_pretrained(model)));
}

type AnyTokenizer = FeatureExtractionPipeline['tokenizer'];

function counterOf(tokenizer: AnyTokenizer): Embedder['countTokens'] {
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).length;
}

async function loading<T>({ model, dtype }: TransformersChoice, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new UsageError(
      `The embedder "${model}" cannot be loaded (${dtype}): ${error instanceof Error ? error.message : error}`,
    );
  }
}

function maxTokensOf({ tokenizer, model }: FeatureExtractionPipeline): number {
  const config = model.config as { model_type?: string; max_position_embeddings?: number };
  const padding = /roberta|mpnet|camembert/.test(config.model_type ?? '') ? PADDING_POSITIONS : 0;
  const positions = (config.max_position_embeddings ?? Number.POSITIVE_INFINITY) - padding;
  const said = Math.min(Number(tokenizer.model_max_length), positions);
  // Tokenizers without a longest text say 1e30.
  return said < 1e9 ? said : MAX_TOKENS;
}
