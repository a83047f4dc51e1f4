import { z } from 'zod';
import { ESTIMATOR_NAMES, KERNEL_NAMES } from '../../density/index.js';
import { count, nameParameter, numberOrNull, share } from './common.js';
import { bandwidthDensitySchema } from './queries.js';

/** What a call may ask for at most. */
export const LIMITS = {
  corpora: 64,
  queries: 10_000,
  characters: 100_000,
  neighbours: 100,
  documents: 100,
  curve: 64,
};

/** h, in units of distance on the unit sphere. */
export const bandwidth = z
  .number('use a number')
  .positive('use a number above 0')
  .max(100, 'use at most 100');

const settings = {
  corpora: z
    .array(nameParameter)
    .min(1, 'name a corpus')
    .max(LIMITS.corpora, `name at most ${LIMITS.corpora} corpora`)
    .optional()
    .describe('By default all that the embedder of the first one embedded.'),
  kernel: z.enum(KERNEL_NAMES, `use one of: ${KERNEL_NAMES.join(', ')}`).default('exponential'),
  bandwidth: bandwidth
    .optional()
    .describe(
      'h, in units of distance on the unit sphere; by default that of the calibration or of the newest measurement.',
    ),
  estimator: z.enum(ESTIMATOR_NAMES, `use one of: ${ESTIMATOR_NAMES.join(', ')}`).default('auto'),
  relativeError: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('Half the width of the 95 % interval, relative to f, at which an estimator that draws stops.'),
  budget: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Share of the points that an estimator that draws may look at, per query.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  neighbours: z.int().min(0).max(LIMITS.neighbours).default(10).describe('Nearest training texts to name.'),
};

const asked = {
  texts: z
    .array(
      z
        .string()
        .max(LIMITS.characters, `use at most ${LIMITS.characters} characters`)
        .refine((text) => text.trim() !== '', 'is empty'),
    )
    .min(1)
    .max(LIMITS.queries, `ask for at most ${LIMITS.queries} at a time`)
    .optional(),
  vectors: z
    .array(z.array(z.number()).min(1).max(65_536))
    .min(1)
    .max(LIMITS.queries, `ask for at most ${LIMITS.queries} at a time`)
    .optional()
    .describe('Vectors of the corpora’s embedder; they are brought to length 1.'),
};

const textsOrVectors = <T extends { texts?: unknown; vectors?: unknown }>({ texts, vectors }: T) =>
  (texts === undefined) !== (vectors === undefined);
const WHICH = { message: 'give either texts or vectors', path: ['texts'] };

export const densityRequestSchema = z
  .strictObject({
    ...asked,
    ...settings,
    curve: z
      .array(bandwidth)
      .max(LIMITS.curve)
      .default([])
      .describe('Other bandwidths to know the density at too.'),
    documents: z
      .int()
      .min(0)
      .max(LIMITS.documents)
      .default(0)
      .describe('Documents that hold most of the density to name.'),
    projection: nameParameter.optional().describe('A projection to place the queries in.'),
    attribution: z
      .boolean()
      .default(true)
      .describe('False for densities alone, without shares, documents and neighbours, which is faster.'),
  })
  .refine(textsOrVectors, WHICH)
  .meta({ id: 'DensityRequest' });
export type DensityRequest = z.infer<typeof densityRequestSchema>;

export const neighboursRequestSchema = z
  .strictObject({ ...asked, ...settings })
  .refine(textsOrVectors, WHICH)
  .meta({ id: 'NeighboursRequest' });

export const nearTextSchema = z
  .object({
    corpus: z.string(),
    source: z.string(),
    document: z.string(),
    text: z.string(),
    distance: z.number().describe('On the unit sphere, 0 to 2.'),
    share: share.describe('Of the query’s density.'),
  })
  .meta({ id: 'NearText' });

/** The settings that densities hold for. */
const answerSettings = {
  corpora: z.array(z.string()),
  embedder: z.string(),
  kernel: z.string(),
  bandwidth: z.number(),
  bandwidthRule: z.string(),
  estimator: z.string(),
  estimatorRule: z.string().describe('How the estimator was chosen.'),
  points: count.describe('Training points, n.'),
  milliseconds: z.number().describe('From the request to the answer.'),
};
export const densitySettingsSchema = z.object(answerSettings).meta({ id: 'DensitySettings' });

export const askedDensitySchema = z
  .object({
    text: z.string().nullable().describe('Null where a vector was asked about.'),
    log10Density: numberOrNull.describe('log10 of f = (1/n) Σ K'),
    log10Low: numberOrNull.describe('of the 95 % interval'),
    log10High: numberOrNull,
    touched: share.describe('Share of the training points that were looked at.'),
    effectiveSamples: numberOrNull.describe('(Σk)²/Σk²'),
    percentile: numberOrNull.describe(
      'Share of the corpora’s own sampled points that are less dense; null without a calibration at this bandwidth.',
    ),
    sources: z
      .array(
        z.object({
          corpus: z.string(),
          source: z.string(),
          share,
          standardError: z.number(),
          without: numberOrNull.describe('What log10 density would change by without the source.'),
        }),
      )
      .describe('Largest share first.'),
    documents: z.array(z.object({ corpus: z.string(), document: z.string(), share, cumulative: share })),
    curve: z.array(bandwidthDensitySchema),
    place: z
      .array(z.number())
      .nullable()
      .describe('Its x and y in the projection asked for; null without one.'),
    neighbours: z.array(nearTextSchema).describe('Nearest first.'),
  })
  .meta({ id: 'AskedDensity' });
export type AskedDensityView = z.infer<typeof askedDensitySchema>;

export const densityAnswerSchema = z
  .object({ ...answerSettings, densities: z.array(askedDensitySchema).describe('One a query, in order.') })
  .meta({ id: 'DensityAnswer' });
export type DensityAnswer = z.infer<typeof densityAnswerSchema>;

export const neighboursAnswerSchema = z
  .object({
    ...answerSettings,
    queries: z.array(z.object({ text: z.string().nullable(), neighbours: z.array(nearTextSchema) })),
  })
  .meta({ id: 'NeighboursAnswer' });
