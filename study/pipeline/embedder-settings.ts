import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  type Embedder,
  type EmbedderChoice,
  openEmbedderPool,
  precomputedEmbedder,
} from '../../indexer/index.js';

const prefix = z.strictObject({ query: z.string().default(''), passage: z.string().default('') }).optional();

const digits = z
  .strictObject({ kind: z.literal('abacus'), weight: z.number().gt(0).lt(1).optional() })
  .optional();

const transformers = z.strictObject({
  kind: z.literal('transformers'),
  model: z.string().min(1),
  dtype: z.enum(['fp32', 'fp16', 'q8']).default('fp32'),
  pooling: z.enum(['mean', 'cls', 'max', 'last']).optional(),
  prefix,
  digits,
});

const openai = z.strictObject({
  kind: z.literal('openai'),
  url: z.url({ protocol: /^https?$/, error: 'give the endpoint as http://host:port/v1' }),
  model: z.string().min(1),
  key_env: z.string().min(1).optional(),
  batch: z.number().int().positive().optional(),
  concurrency: z.number().int().positive().optional(),
  dims: z.number().int().positive().optional(),
  prefix,
  digits,
});

/** The model that made the vectors which come with all texts of the study. */
const precomputed = z.strictObject({
  kind: z.literal('precomputed'),
  name: z.string().min(1),
  dims: z.number().int().positive(),
});

const known = z.discriminatedUnion(
  'kind',
  [z.strictObject({ kind: z.literal('use-lite'), digits }), transformers, openai, precomputed],
  { error: 'an embedder is use-lite, or of the kind transformers, openai or precomputed' },
);

/** The `embedder` of a study file; without a kind it is a model for transformers.js. */
export const embedderSettings = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? { kind: value }
      : typeof value === 'object' && value !== null && 'model' in value && !('kind' in value)
        ? { ...value, kind: 'transformers' }
        : value,
  known,
);

export type EmbedderSettings = z.infer<typeof embedderSettings>;

/**
 * Opens the embedder of a study file; a model's folder is named relative to the study file.
 *
 * @throws UsageError where there is no such model or endpoint
 */
export async function openEmbedderOf(settings: EmbedderSettings, base: string): Promise<Embedder> {
  if (settings.kind === 'precomputed') return precomputedEmbedder(settings.name, settings.dims);
  return openEmbedderPool(embedderChoice(settings, base));
}

/** The settings of an embedder as they are opened. */
export function embedderChoice(
  settings: Exclude<EmbedderSettings, { kind: 'precomputed' }>,
  base: string,
): EmbedderChoice {
  if (settings.kind === 'openai') {
    const { key_env: keyEnv, ...rest } = settings;
    return { ...rest, keyEnv };
  }
  if (settings.kind === 'use-lite') return settings;
  const folder = resolve(base, settings.model);
  return existsSync(folder) ? { ...settings, model: folder } : settings;
}
