import { z } from 'zod';
import { type LabSettings, labRun } from './lab-settings.js';
import { name, oneOrMore } from './study-names.js';

const ngramRun = z
  .strictObject({
    scorer: z.literal('ngram').default('ngram'),
    order: z.number().int().min(1).max(8).default(5),
    train: z.array(name).optional(),
  })
  .prefault({});

const covariates = z.record(z.string(), z.union([z.number(), z.string()])).default({});

const scoredPart = { target: z.string().optional(), separator: z.string().optional(), covariates };

/** A model that scores the queries as they are, or a field of theirs given their text. */
const modelRun = z.discriminatedUnion('scorer', [
  z.strictObject({
    scorer: z.literal('onnx'),
    model: z.string().min(1),
    dtype: z.enum(['fp32', 'fp16', 'q8']).default('fp32'),
    window: z.number().int().positive().optional(),
    stride: z.number().int().positive().optional(),
    ...scoredPart,
  }),
  z.strictObject({
    scorer: z.literal('endpoint'),
    url: z.url({ protocol: /^https?$/, error: 'give the endpoint as http://host:port/v1' }),
    model: z.string().min(1),
    key_env: z.string().min(1).optional(),
    concurrency: z.number().int().positive().optional(),
    ...scoredPart,
  }),
]);

/** Covariates of imported runs, from records that are found by covariates the runs have already. */
const joined = z.strictObject({
  files: oneOrMore,
  on: z.array(z.string()).min(1),
  take: z.record(z.string(), z.string()),
});

/** Outcomes of models that were scored elsewhere: of one run, or by a pattern of many. */
const importedRun = z
  .strictObject({
    import: oneOrMore,
    pattern: z.string().optional(),
    /** The runs' name with the pattern's {places}. */
    as: z.string().optional(),
    by_row: z.boolean().default(false),
    key: z.string().optional(),
    nll: z.string().optional(),
    loss: z.string().optional(),
    tokens: z.string().optional(),
    bytes: z.string().optional(),
    correct: z.string().optional(),
    metrics: z.record(z.string(), z.string()).optional(),
    filter: z.string().optional(),
    covariates,
    join: joined.optional(),
  })
  .refine(({ as, pattern }) => as === undefined || pattern !== undefined, {
    error: 'goes with a pattern',
    path: ['as'],
  });

/** What scores the queries, as a study file says it. */
export const runSettings = z.union([importedRun, modelRun, labRun, ngramRun]);

/** The embedded model as it is trained where a study file says nothing of runs. */
export const NGRAM = ngramRun.parse({});

export type NgramSettings = z.infer<typeof ngramRun>;
export type ModelSettings = z.infer<typeof modelRun>;
export type ImportSettings = z.infer<typeof importedRun>;

/** Whether a run is of the embedded model, which is trained here. */
export function isNgram(settings: z.infer<typeof runSettings>): settings is NgramSettings {
  return 'scorer' in settings && settings.scorer === 'ngram';
}

/** Whether a run is of a small language model, which is trained here. */
export function isLab(settings: z.infer<typeof runSettings>): settings is LabSettings {
  return 'scorer' in settings && settings.scorer === 'lab';
}
