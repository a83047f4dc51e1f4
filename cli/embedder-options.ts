import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { EmbedderChoice } from '../indexer/index.js';
import { UsageError } from '../store/index.js';
import { choice, integer, list, number } from './common-options.js';

/** The options that say how texts are embedded. */
export interface EmbedderOptions {
  embedder: 'use-lite' | 'transformers' | 'openai';
  model?: string;
  modelPath?: string;
  dtype: 'fp32' | 'fp16' | 'q8';
  pooling?: 'mean' | 'cls' | 'max' | 'last';
  queryPrefix?: string;
  passagePrefix?: string;
  url?: string;
  keyEnv?: string;
  dims?: number;
  batch?: number;
  concurrency?: number;
  digits?: 'abacus';
  digitWeight?: number;
  workers?: number;
  embeddings?: string[];
  embeddingsColumn?: string;
  embeddingsId?: string;
}

/** Adds the options that say how texts are embedded. */
export function withEmbedderOptions(command: Command): Command {
  return command
    .optionsGroup('Embedder (docs/embedders.md):')
    .option(
      '--embedder <name>',
      'use-lite, transformers or openai',
      choice('use-lite', 'transformers', 'openai'),
    )
    .option('--model <name>', 'its model: a name on the hub, or what the endpoint or the vectors are of')
    .option('--model-path <folder>', 'a folder with a model for transformers.js')
    .option('--dtype <type>', 'fp32, fp16 or q8', choice('fp32', 'fp16', 'q8'), 'fp32')
    .option(
      '--pooling <how>',
      'mean, cls, max or last; default: as the model says',
      choice('mean', 'cls', 'max', 'last'),
    )
    .option('--query-prefix <text>', 'put before queries; default: as the model says')
    .option('--passage-prefix <text>', 'put before training texts; default: as the model says')
    .option('--url <base>', 'an OpenAI-compatible endpoint, such as http://127.0.0.1:8000/v1')
    .option(
      '--key-env <name>',
      "the environment variable that has the endpoint's key (default OPENAI_API_KEY)",
    )
    .option('--dims <n>', 'dimensions to ask the endpoint for, or of raw vectors', integer)
    .option('--batch <n>', 'texts in a request to the endpoint', integer)
    .option('--concurrency <n>', 'requests to the endpoint at once', integer)
    .option('--digits <how>', 'abacus: append the place of every digit in its number', choice('abacus'))
    .option('--digit-weight <share>', 'weight of the digits in a similarity, 0 to 1', number)
    .option('--workers <n>', 'threads that embed; default: one a core', integer)
    .optionsGroup('Vectors made elsewhere (.npy, .npz, Parquet, FAISS), one a document:')
    .option('--embeddings <files>', 'their files, separated by commas; --model names what made them', list)
    .option('--embeddings-column <name>', 'the Parquet column of the vectors')
    .option(
      '--embeddings-id <name>',
      'the Parquet column of the ids; by default vectors follow the rows of the texts',
    )
    .optionsGroup('Options:');
}

/**
 * The embedder that the options name, or the name of the one that made the vectors.
 *
 * @throws UsageError for options that do not fit together
 */
export function embedderChoice(
  options: EmbedderOptions,
): Exclude<EmbedderChoice, 'use-lite'> | { precomputedBy: string } {
  const { model, modelPath, url, dtype, pooling, keyEnv, dims, batch, concurrency } = options;
  if (options.embeddings) {
    if (options.embedder) throw new UsageError('--embeddings and --embedder exclude each other.');
    return { precomputedBy: model ?? 'precomputed' };
  }
  const digits = digitsOf(options);
  const prefix = prefixOf(options);
  const kind = options.embedder ?? (modelPath ? 'transformers' : url ? 'openai' : 'use-lite');
  if (kind === 'use-lite') {
    if (model ?? modelPath ?? url)
      throw new UsageError('use-lite has one model: leave out --model, or name another --embedder.');
    return { kind, ...digits };
  }
  if (kind === 'openai') {
    if (!url || !model) throw new UsageError('--embedder openai needs --url <base> and --model <name>.');
    return { kind, url, model, keyEnv, dims, batch, concurrency, prefix, ...digits };
  }
  if (modelPath && !existsSync(modelPath))
    throw new UsageError(`There is no folder ${modelPath} (--model-path).`);
  const named = modelPath ?? model;
  if (!named) throw new UsageError('--embedder transformers needs --model <name> or --model-path <folder>.');
  return { kind, model: named, dtype, pooling, prefix, ...digits };
}

function digitsOf({ digits, digitWeight }: EmbedderOptions) {
  if (digitWeight !== undefined && !digits) throw new UsageError('--digit-weight needs --digits abacus.');
  return digits ? { digits: { kind: digits, weight: digitWeight } } : {};
}

function prefixOf({ queryPrefix, passagePrefix }: EmbedderOptions) {
  if (queryPrefix === undefined && passagePrefix === undefined) return undefined;
  return { query: queryPrefix ?? '', passage: passagePrefix ?? '' };
}
