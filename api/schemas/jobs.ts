import { z } from 'zod';
import { ESTIMATOR_NAMES, MEASURED_KERNELS } from '../../density/index.js';
import { nameParameter, numberOrNull } from './common.js';
import { bandwidth, LIMITS } from './density.js';

export const measurementRequestSchema = z
  .strictObject({
    querySet: nameParameter,
    name: nameParameter
      .default('base')
      .describe('What the measurement is called; one of that name is replaced.'),
    corpora: z
      .array(nameParameter)
      .min(1)
      .max(LIMITS.corpora)
      .optional()
      .describe("By default all of the set's embedder."),
    kernel: z.enum(MEASURED_KERNELS, `use one of: ${MEASURED_KERNELS.join(', ')}`).default('exponential'),
    bandwidth: z
      .union([bandwidth, z.enum(['auto', 'likelihood'])])
      .default('auto')
      .describe('h, or the rule that chooses it.'),
    effectiveSamples: z
      .number()
      .gt(1)
      .default(100)
      .describe('What the median query is to rest on where the bandwidth is `auto`.'),
    curve: z.array(bandwidth).max(LIMITS.curve).default([]),
    sweep: z.boolean().default(false).describe('Keep the density at 16 bandwidths around it too.'),
    estimator: z.enum(ESTIMATOR_NAMES, `use one of: ${ESTIMATOR_NAMES.join(', ')}`).default('auto'),
    relativeError: z.number().gt(0).lt(1).optional(),
    budget: z.number().gt(0).max(1).optional(),
    neighbours: z.int().min(0).max(LIMITS.neighbours).default(10),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
  })
  .meta({ id: 'MeasurementRequest' });
export type MeasurementRequest = z.infer<typeof measurementRequestSchema>;

export const reportTaskSchema = z
  .strictObject({
    name: nameParameter.default('report').describe('Its name and folder; one of that name is replaced.'),
    runs: z
      .array(nameParameter)
      .max(10_000)
      .default([])
      .describe('Names, in which * stands for any letters; by default all that no intervention trained.'),
    querySets: z
      .array(nameParameter)
      .min(1)
      .max(1000)
      .optional()
      .describe('The headline is about the first; by default the only one that is measured.'),
    measurement: nameParameter.default('base'),
    across: nameParameter.optional().describe('The covariate of runs that density may work with: its size.'),
    groupBy: z.enum(['document', 'source'], 'use document or source').default('document'),
    folds: z.int().min(2).max(1000).default(10),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
  })
  .meta({ id: 'ReportRequest' });

export const UPLOAD_FORMATS = ['jsonl', 'json', 'csv', 'tsv', 'txt', 'parquet'] as const;

/** How an uploaded file becomes a corpus. */
export const uploadQuery = z.strictObject({
  name: nameParameter
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'use letters, digits, ".", "_" and "-"')
    .describe('Of the corpus, which must be new.'),
  format: z.enum(UPLOAD_FORMATS, `use one of: ${UPLOAD_FORMATS.join(', ')}`),
  role: z.enum(['pretrain', 'finetune'], 'use pretrain or finetune').default('pretrain'),
  chunk: z
    .enum(['sentences', 'passages', 'document'], 'use sentences, passages or document')
    .default('sentences'),
  text: z
    .string('give it once')
    .max(1000)
    .optional()
    .describe('A column, or a template of columns in braces; by default the text is found by itself.'),
  id: nameParameter.optional().describe('A column of unique keys.'),
  source: nameParameter.optional().describe('A column; by default all is from one source.'),
});
/** The same, with the file that the server gave it. */
export const indexTaskSchema = uploadQuery.extend({ upload: z.string() });

export const jobSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    request: z.unknown(),
    result: z.unknown().describe('What it made; null until it is done.'),
    error: z.string().nullable().describe('Why it failed, in words.'),
    created: z.string(),
    started: z.string().nullable(),
    ended: z.string().nullable(),
    progress: z
      .object({ step: z.string(), done: z.number(), total: numberOrNull.optional(), unit: z.string() })
      .nullable()
      .describe('How far it is; null where that is not known.'),
  })
  .meta({ id: 'Job', description: 'Long work that was asked for, and what became of it.' });
