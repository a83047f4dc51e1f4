import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FeatureExtractionPipeline, pipeline } from '@xenova/transformers';
import { DataError, UsageError } from '../../store/index.js';
import type { Embedder } from './embedder.js';

/** A sentence-embedding model for transformers.js. */
export interface TransformersModel {
  /** A folder with config.json, tokenizer.json and onnx/, or the model's name on the hub. */
  model: string;
  dtype: 'fp32' | 'fp16' | 'q8';
}

const BATCH_TEXTS = 32;

/**
 * Opens a sentence-embedding model through transformers.js: mean of the token vectors, normalised.
 *
 * @throws UsageError where the model cannot be loaded, with the library's words
 */
export async function openTransformers({ model, dtype }: TransformersModel): Promise<Embedder> {
  const local = existsSync(model);
  const extract = await load(local ? resolve(model) : model, dtype);
  const dims = (await extract('a', { pooling: 'mean' })).dims[1]!;
  return {
    name: local ? model : `transformers:${model}`,
    dims,
    maxTokens: Number(extract.tokenizer.model_max_length),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([local ? hashOfFolder(model) : model, dtype, 'mean, normalised']))
      .digest('hex'),
    parallel: 1,
    countTokens: (text) => extract.tokenizer.encode(text, { add_special_tokens: false }).length,
    async embed(texts) {
      let tokens = 0;
      const vectors = new Float32Array(texts.length * dims);
      // Texts of like length together: the pipeline pads every batch to its longest.
      const order = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length);
      for (let from = 0; from < order.length; from += BATCH_TEXTS) {
        const batch = order.slice(from, from + BATCH_TEXTS);
        const { data } = await extract(
          batch.map((index) => texts[index]!),
          { pooling: 'mean' },
        );
        batch.forEach((index, row) => {
          tokens += extract.tokenizer.encode(texts[index]!).length;
          vectors.set(
            unit((data as Float32Array).subarray(row * dims, (row + 1) * dims), index),
            index * dims,
          );
        });
      }
      return { vectors, tokens };
    },
    close: () => extract.dispose(),
  };
}

async function load(model: string, dtype: TransformersModel['dtype']): Promise<FeatureExtractionPipeline> {
  try {
    return await pipeline('feature-extraction', model, { dtype, device: 'cpu' });
  } catch (error) {
    throw new UsageError(
      `The embedder "${model}" cannot be loaded (${dtype}): ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The vector at length 1; a text that the model knows no token of has none. */
function unit(vector: Float32Array, index: number): Float32Array {
  const norm = Math.hypot(...vector);
  if (!(norm > 0))
    throw new DataError(`Text ${index} has a zero vector: the model knows none of its tokens.`);
  return vector.map((x) => x / norm);
}

function hashOfFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, name);
    if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
  }
  return hash.digest('hex');
}
