import { z } from 'zod';
import { UsageError } from '../../store/index.js';
import type { Prefixes } from './embedder.js';
import type { Pooling, TransformersChoice } from './embedder-choice.js';
import { readModelJson } from './model-files.js';

/** How the vectors of a sentence-embedding model are made. */
export interface ModelSettings {
  pooling: Pooling;
  prefix: Prefixes;
  /** Tokens that the authors embedded at most; undefined where they do not say. */
  maxTokens: number | undefined;
}

const POOLINGS: Record<string, Pooling> = {
  pooling_mode_mean_tokens: 'mean',
  // Not the mean, but of its direction.
  pooling_mode_mean_sqrt_len_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_lasttoken: 'last',
};

const poolingFile = z.record(z.string(), z.unknown()).nullable();
const promptsFile = z
  .object({
    prompts: z.object({ query: z.string(), passage: z.string(), document: z.string() }).partial().nullish(),
  })
  .nullable();
const lengthFile = z.object({ max_seq_length: z.number().int().positive().nullish() }).nullable();

/**
 * Reads what a model's own files (of Sentence Transformers) say of it; what the choice says goes first.
 *
 * @throws UsageError for a pooling that is not known here, or a file that cannot be read
 */
export async function readModelSettings(choice: TransformersChoice): Promise<ModelSettings> {
  const { model } = choice;
  const length = await read(lengthFile, model, 'sentence_bert_config.json');
  return {
    pooling: choice.pooling ?? (await readPooling(model)),
    prefix: choice.prefix ?? (await readPrefix(model)),
    maxTokens: length?.max_seq_length ?? undefined,
  };
}

async function readPooling(model: string): Promise<Pooling> {
  const file = '1_Pooling/config.json';
  const settings = (await read(poolingFile, model, file)) ?? {};
  const modes = Object.keys(settings).filter((key) => key.startsWith('pooling_mode_') && settings[key]);
  if (modes.length === 0) return 'mean';
  const pooling = POOLINGS[modes[0]!];
  if (modes.length > 1 || pooling === undefined) {
    throw new UsageError(
      `The embedder "${model}": its ${file} asks for ${modes.join(' and ')}; set pooling to mean, cls, max or last.`,
    );
  }
  return pooling;
}

async function readPrefix(model: string): Promise<Prefixes> {
  const { prompts } = (await read(promptsFile, model, 'config_sentence_transformers.json')) ?? {};
  return { query: prompts?.query ?? '', passage: prompts?.passage ?? prompts?.document ?? '' };
}

async function read<T>(schema: z.ZodType<T>, model: string, file: string): Promise<T> {
  const checked = schema.safeParse(await readModelJson(model, file));
  if (checked.success) return checked.data;
  throw new UsageError(
    `The embedder "${model}": its ${file} is not as expected: ${z.prettifyError(checked.error)}`,
  );
}
