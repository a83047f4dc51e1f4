import { z } from 'zod';
import { count, numberOrNull, share } from './common.js';
import { measurementSchema } from './study.js';

export const SUBJECT_FIELDS = ['kind', 'subject', 'source', 'document'] as const;
export const WEIGHINGS = ['queries', 'density'] as const;

export const supportSchema = z
  .object({
    queries: count,
    log10Density: z.object({ q1: numberOrNull, median: numberOrNull, q3: numberOrNull }),
    shares: z.array(share).describe('One a column.'),
    others: share.describe('Of all sources without a column.'),
    without: z
      .array(numberOrNull)
      .describe(
        'One a column: the median of what log10 density would change by without the source; null where nothing is left.',
      ),
  })
  .meta({ id: 'Support' });
export type SupportView = z.infer<typeof supportSchema>;

export const leastSupportedSchema = z
  .object({
    id: count,
    key: z.string(),
    subject: z.string(),
    text: z.string(),
    log10Density: numberOrNull,
    percentile: numberOrNull.describe(
      'Share of the sampled training points that are less dense; null without a calibration at this bandwidth.',
    ),
    topSource: z.object({ corpus: z.string(), source: z.string(), share }),
    nearest: z
      .object({
        corpus: z.string(),
        source: z.string(),
        document: z.string(),
        text: z.string(),
        distance: z.number(),
      })
      .nullable(),
  })
  .meta({ id: 'LeastSupported' });
export type LeastSupportedView = z.infer<typeof leastSupportedSchema>;

export const supportingDocumentSchema = z
  .object({
    corpus: z.string(),
    document: z.string(),
    share,
    cumulative: share,
    queries: count.describe('Queries that it was kept for.'),
    leads: count.describe('Queries of which it holds more than any other document.'),
  })
  .meta({ id: 'SupportingDocument' });
export type SupportingDocumentView = z.infer<typeof supportingDocumentSchema>;

export const coverageSchema = z
  .object({
    measurement: measurementSchema,
    querySet: z.string(),
    by: z.enum(SUBJECT_FIELDS).describe('The field of a query that is its subject.'),
    weigh: z
      .enum(WEIGHINGS)
      .describe("What a mean share is: of the queries' shares, or the share of their summed density."),
    matrix: z.object({
      sources: z
        .array(z.object({ corpus: z.string(), source: z.string(), points: count }))
        .describe('Columns, largest share of all queries first.'),
      others: z.object({ sources: count, points: count }).describe('The sources without a column.'),
      all: supportSchema,
      subjects: z
        .array(supportSchema.extend({ subject: z.string() }).meta({ id: 'SubjectSupport' }))
        .describe('Rows, the least supported first.'),
    }),
    leastSupported: z.array(leastSupportedSchema).describe('The least supported first.'),
    documents: z.object({
      kept: count.describe('Different documents that were kept for any query.'),
      share: share.describe('What they hold in all.'),
      top: z
        .array(supportingDocumentSchema)
        .describe(
          'Largest share first; a share is at least this, for only the first few documents of every query were kept.',
        ),
    }),
  })
  .meta({ id: 'Coverage', description: 'Which sources support which subjects of a query set.' });
export type CoverageView = z.infer<typeof coverageSchema>;
