import { z } from 'zod';
import { count, numberOrNull } from './common.js';

export const queryRowSchema = z
  .object({
    id: count,
    querySet: z.string(),
    key: z.string(),
    kind: z.string(),
    document: z.string(),
    source: z.string(),
    text: z.string(),
    log10Density: numberOrNull.describe('At the measurement asked for; null without one.'),
    low: numberOrNull,
    high: numberOrNull,
    effectiveSamples: numberOrNull,
    loss: numberOrNull.describe('Of the run asked for, nats a token; null without one.'),
  })
  .meta({ id: 'QueryRow' });
export type QueryRow = z.infer<typeof queryRowSchema>;

export const outcomeRowSchema = z
  .object({
    id: z.string().describe('run, query id and metric'),
    run: z.string(),
    queryId: count,
    key: z.string(),
    metric: z
      .string()
      .describe('`nll` (nats, a sum), `tokens`, `loss` (nats a token), `correct` (0 or 1), …'),
    value: z.number(),
  })
  .meta({ id: 'OutcomeRow' });
export type OutcomeRow = z.infer<typeof outcomeRowSchema>;

export const documentSchema = z
  .object({
    corpus: z.string(),
    key: z.string(),
    source: z.string(),
    split: z.enum(['train', 'held-out']),
    meta: z.record(z.string(), z.unknown()),
    text: z.string(),
    chunks: z
      .array(z.object({ row: count, start: count, end: count }))
      .describe('Where its chunks are in the text, in UTF-16 code units, and their rows among the vectors.'),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.infer<typeof documentSchema>;
