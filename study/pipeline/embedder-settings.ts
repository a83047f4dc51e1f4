import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { EmbedderChoice } from '../../indexer/index.js';

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

const known = z.discriminatedUnion(
  'kind',
  [z.strictObject({ kind: z.literal('use-lite'), digits }), transformers, openai],
  { error: 'an embedder is use-lite, or of the kind transformers or openai' },
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

/** The embedder of a study file as it is opened; a model's folder is named relative to the study file. */
export function embedderChoice(settings: EmbedderSettings, base: string): EmbedderChoice {
  if (settings.kind === 'openai') {
    const { key_env: keyEnv, ...rest } = settings;
    return { ...rest, keyEnv };
  }
  if (settings.kind === 'use-lite') return settings;
  const folder = resolve(base, settings.model);
  return existsSync(folder) ? { ...settings, model: folder } : settings;
}
