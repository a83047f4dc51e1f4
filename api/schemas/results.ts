import { z } from 'zod';
import { count, numberOrNull, share } from './common.js';

export const reportRowSchema = z
  .object({
    name: z.string(),
    study: z.string(),
    made: z.string().nullable().describe('ISO 8601; null where its report.json cannot be read.'),
    html: z.boolean().describe('Whether there is a report.html.'),
  })
  .meta({ id: 'ReportRow' });
export type ReportRow = z.infer<typeof reportRowSchema>;

export const regressionRowSchema = z
  .object({
    id: z.string().describe('query set, run, metric, kernel and model'),
    querySet: z.string(),
    run: z.string(),
    metric: z.string(),
    unit: z.string().describe('Of the metric.'),
    kernel: z.string(),
    bandwidth: z.number(),
    model: z.string().describe('What density stands beside: `density` alone, `length`, `all controls`, …'),
    n: count,
    groups: count,
    mean: z.number(),
    slope: z.number().describe('Units of the metric for ten times the density; errors by group (CR1).'),
    slopeError: z.number(),
    slopeLow: z.number(),
    slopeHigh: z.number(),
    pValue: z.number(),
    adjustedPValue: z.number().describe('By Benjamini and Hochberg, for all regressions of the report.'),
    r2: z.number(),
    partialR2: z.number(),
    controlsOutOfSampleR2: numberOrNull,
    outOfSampleR2: numberOrNull,
    gain: numberOrNull.describe('What density adds to the out-of-sample R².'),
    gainLow: numberOrNull,
    gainHigh: numberOrNull,
    gainPValue: numberOrNull,
  })
  .meta({ id: 'RegressionRow' });
export type RegressionRow = z.infer<typeof regressionRowSchema>;

export const interventionRowSchema = z
  .object({
    name: z.string(),
    querySet: z.string(),
    seed: z.int(),
    paraphraser: z.string(),
    arms: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['control', 'exact', 'paraphrase', 'placebo', 'unrelated', 'untouched']),
        dose: count,
        queries: count,
        texts: count.describe('Texts that were leaked.'),
      }),
    ),
    rejected: z.record(z.string(), count).describe('Paraphrases that were thrown away, by why.'),
    missing: count.describe('Paraphrases that could not be had.'),
  })
  .meta({ id: 'InterventionRow', description: 'An experiment on the training data, as it was designed.' });
export type InterventionRow = z.infer<typeof interventionRowSchema>;

export const leakRowSchema = z
  .object({
    id: z.string().describe('search and query id'),
    querySet: z.string(),
    corpora: z.array(z.string()),
    queryId: count,
    key: z.string(),
    kind: z.string(),
    score: z.number().describe('Standard deviations above what training texts are to each other.'),
    suspected: z.boolean(),
    similarity: z.number().describe('Cosine of the two vectors.'),
    share: share.describe('Of the density, what this text holds.'),
    words: share.describe('Words that both have, weighed by rarity.'),
    copied: share.describe('Word 4-grams that both have, of the shorter text.'),
    corpus: z.string(),
    document: z.string(),
    text: z.string().describe("The query's."),
    nearest: z.string().describe('The training text.'),
  })
  .meta({ id: 'LeakRow', description: 'The training text that is most like a leak of a query.' });
export type LeakRow = z.infer<typeof leakRowSchema>;

const coefficient = z.object({
  name: z.string(),
  estimate: z.number(),
  standardError: z.number(),
  low: z.number().describe('95 %'),
  high: z.number(),
  pValue: z.number(),
});

export const fitSchema = z
  .object({
    outcome: z.string(),
    unit: z.string(),
    n: count,
    left: count.describe('Queries of the filter that lack a value, and are left out.'),
    groups: count.nullable(),
    errors: z.enum(['HC3', 'cluster', 'classical']),
    coefficients: z.array(coefficient),
    dropped: z
      .array(z.object({ name: z.string(), reason: z.enum(['constant', 'collinear']) }))
      .describe('Terms that were left out.'),
    r2: z.number(),
    adjustedR2: z.number(),
    residualStandardError: z.number(),
  })
  .meta({ id: 'Fit', description: 'A least-squares regression.' });
export type FitView = z.infer<typeof fitSchema>;

const name = z.string().min(1).max(200);

export const fitRequestSchema = z
  .strictObject({
    set: name.describe('The query set.'),
    run: name,
    metric: name.default('loss').describe('`loss`, `bits_per_byte`, `correct`, or any that the run has.'),
    terms: z
      .array(name)
      .min(1)
      .max(30)
      .describe(
        '`log10_density` (needs a measurement) and names of controls: `words`, `unigram_cross_entropy`, …; `log(…)` of one.',
      ),
    measurement: z.int().min(1).optional(),
    errors: z.enum(['HC3', 'cluster', 'classical']).default('HC3'),
    groupBy: z.enum(['document', 'source', 'kind']).default('document').describe('Of cluster errors.'),
    filter: z
      .strictObject({
        kind: name.optional(),
        source: name.optional(),
        document: name.optional(),
        ids: z
          .array(z.int().min(1))
          .min(1)
          .max(100_000)
          .optional()
          .describe('Queries, such as those of a selection.'),
      })
      .prefault({}),
  })
  .meta({ id: 'FitRequest' });
export type FitRequest = z.output<typeof fitRequestSchema>;
