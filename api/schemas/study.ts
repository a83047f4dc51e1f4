import { z } from 'zod';
import { count, numberOrNull } from './common.js';

export const corpusSchema = z
  .object({
    name: z.string(),
    role: z.enum(['pretrain', 'finetune', 'intervention']),
    embedder: z.string(),
    dims: count,
    documents: count,
    heldOut: count,
    chunks: count,
    duplicates: count.describe('Chunks whose text stands in an earlier chunk too.'),
    sources: count,
    precision: z.enum(['fp32', 'fp16']),
  })
  .meta({ id: 'Corpus' });
export type CorpusView = z.infer<typeof corpusSchema>;

export const querySetSchema = z
  .object({ id: count, name: z.string(), embedder: z.string(), dims: count, queries: count })
  .meta({ id: 'QuerySet' });
export type QuerySetView = z.infer<typeof querySetSchema>;

export const runSchema = z
  .object({
    name: z.string(),
    scorer: z.string(),
    covariates: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .meta({ id: 'Run', description: 'A model whose losses on the queries are known.' });
export type RunView = z.infer<typeof runSchema>;

export const measurementSchema = z
  .object({
    id: count,
    name: z.string(),
    querySetId: count,
    corpora: z.array(z.string()),
    kernel: z.string(),
    bandwidth: z.number(),
    bandwidthRule: z.string(),
    estimator: z.string(),
    estimatorRule: z.string().describe('How the estimator was chosen.'),
    relativeError: numberOrNull.describe(
      'Half the width of the 95 % interval, relative to the density, that was asked for.',
    ),
    budget: numberOrNull.describe('Share of the training points that could be looked at, per query.'),
    seed: z.int(),
    points: count.describe('Training points behind every density, n.'),
  })
  .meta({
    id: 'Measurement',
    description: 'The settings under which the densities of a query set were estimated.',
  });
export type MeasurementView = z.infer<typeof measurementSchema>;

export const reportSchema = z
  .object({
    name: z.string(),
    made: z.string().nullable().describe('ISO 8601; null where its report.json cannot be read.'),
    html: z.boolean().describe('Whether there is a report.html.'),
  })
  .meta({ id: 'Report' });
export type ReportView = z.infer<typeof reportSchema>;

export const studySchema = z
  .object({
    name: z.string(),
    corpora: z.array(corpusSchema),
    querySets: z.array(querySetSchema),
    runs: z.array(runSchema),
    measurements: z.array(measurementSchema),
    reports: z.array(reportSchema).describe('Newest first.'),
    words: z
      .array(z.string())
      .describe('The words of the newest report, a paragraph each; empty without a report.'),
  })
  .meta({ id: 'Study' });
export type StudyView = z.infer<typeof studySchema>;
