import { z } from 'zod';
import { count, numberOrNull, share } from './common.js';
import { measurementSchema } from './study.js';

const log10Density = numberOrNull.describe(
  'log10 of the kernel mean; null where no kernel is above what float64 can say.',
);

export const pointSchema = z
  .object({
    id: count,
    kind: z.string(),
    source: z.string(),
    document: z.string(),
    log10Density,
    low: numberOrNull,
    high: numberOrNull,
    effectiveSamples: z.number(),
    loss: numberOrNull.describe('nats a token'),
    tokens: numberOrNull,
    perplexity: numberOrNull,
    excerpt: z.string().describe('The first 120 characters of the text.'),
  })
  .meta({ id: 'Point', description: 'One query: how supported it is, and how surprising to the run.' });
export type PointView = z.infer<typeof pointSchema>;

export const pointsSchema = z
  .object({
    measurement: measurementSchema.nullable(),
    run: z.string().nullable(),
    points: z.array(pointSchema),
  })
  .meta({ id: 'Points', description: '`measurement` and `run` are null where the study has none yet.' });
export type PointsView = z.infer<typeof pointsSchema>;

export const densitySchema = z
  .object({
    measurement: measurementSchema,
    log10Density,
    low: numberOrNull,
    high: numberOrNull,
    effectiveSamples: z.number(),
    touched: share.describe('Share of the training points that were looked at.'),
    percentile: numberOrNull.describe(
      'Share of the corpora’s own sampled points that are less dense; null without a calibration at this bandwidth.',
    ),
  })
  .meta({ id: 'MeasuredDensity' });
export type DensityView = z.infer<typeof densitySchema>;

export const shareSchema = z
  .object({
    corpus: z.string(),
    label: z.string(),
    share,
    standardError: z.number().describe('Of the share; 0 where it is exact.'),
  })
  .meta({ id: 'Share' });
export type ShareView = z.infer<typeof shareSchema>;

export const topShareSchema = z
  .object({
    top: z.number().describe('A number of points, or below 1 a share of all.'),
    k: count,
    share,
    low: z.number(),
    high: z.number(),
  })
  .meta({ id: 'TopShare', description: 'The share of a density that the nearest points hold.' });
export type TopShareView = z.infer<typeof topShareSchema>;

export const bandwidthDensitySchema = z
  .object({
    bandwidth: z.number(),
    log10Density: numberOrNull,
    errorBound: numberOrNull.describe(
      'log10 density is off by at most this; null where nothing can be promised.',
    ),
  })
  .meta({ id: 'BandwidthDensity' });
export type BandwidthDensityView = z.infer<typeof bandwidthDensitySchema>;

export const neighbourSchema = z
  .object({
    corpus: z.string(),
    row: count,
    distance: z.number().describe('On the unit sphere, 0 to 2.'),
    share,
    source: z.string(),
    document: z.string(),
    meta: z.record(z.string(), z.unknown()),
    text: z.string(),
  })
  .meta({ id: 'Neighbour' });
export type NeighbourView = z.infer<typeof neighbourSchema>;

export const outcomeSchema = z
  .object({
    run: z.string(),
    nll: numberOrNull.describe("nats, summed over the query's tokens"),
    tokens: numberOrNull,
    loss: numberOrNull.describe('nats a token'),
    perplexity: numberOrNull,
  })
  .meta({ id: 'Outcome' });
export type OutcomeView = z.infer<typeof outcomeSchema>;

export const querySchema = z
  .object({
    id: count,
    key: z.string(),
    kind: z.string(),
    source: z.string(),
    document: z.string(),
    text: z.string(),
    density: densitySchema.nullable().describe("Null where the query's set has not been measured."),
    shares: z.object({
      corpus: z.array(shareSchema),
      source: z.array(shareSchema),
      document: z.array(shareSchema),
    }),
    curve: z
      .array(bandwidthDensitySchema)
      .describe(
        "Density against bandwidth, with the measurement's kernel, smallest bandwidth first; empty where it was not swept.",
      ),
    topShares: z
      .array(topShareSchema)
      .describe('What the nearest points hold of the density; empty where that was not measured.'),
    controls: z
      .record(z.string(), numberOrNull)
      .describe(
        'What other measures say: `nearest distance` and `knn log10 density`; empty where no neighbours were kept.',
      ),
    neighbours: z.array(neighbourSchema).describe('Nearest first.'),
    outcomes: z.array(outcomeSchema),
  })
  .meta({ id: 'Query' });
export type QueryView = z.infer<typeof querySchema>;
