import { z } from 'zod';
import { count, nameParameter } from './common.js';
import { LIMITS } from './density.js';

export const projectionRequestSchema = z
  .strictObject({
    method: z.enum(['pca', 'umap'], 'use pca or umap').default('pca'),
    name: nameParameter.optional().describe('By default the method; a projection of that name is replaced.'),
    corpora: z.array(nameParameter).min(1).max(LIMITS.corpora).optional(),
    landmarks: z
      .int()
      .min(3)
      .max(20_000)
      .default(5000)
      .describe('Training points that the directions, or the layout, are computed from.'),
    neighbours: z.int().min(2).max(100).default(15).describe('Of UMAP.'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
  })
  .meta({ id: 'ProjectionRequest' });

const range = z.array(z.number()).length(2);
const region = z.object({ x: range, y: range });

export const projectionSchema = z
  .object({
    id: count,
    name: z.string(),
    method: z.string(),
    landmarks: count,
    neighbours: count,
    seed: count,
    variance: z
      .array(z.number())
      .nullable()
      .describe('Share of the variance along each direction; null for UMAP.'),
    extent: region,
    labels: z
      .array(z.object({ x: z.number(), y: z.number(), words: z.array(z.string()), landmarks: count }))
      .describe('Words that tell the texts around a place from the others.'),
    corpora: z.array(z.object({ name: z.string(), points: count, stale: z.boolean() })),
    querySets: z.array(z.object({ name: z.string(), queries: count })),
    made: z.string(),
  })
  .meta({ id: 'Projection', description: 'Corpora and query sets in two dims.' });
export type ProjectionView = z.infer<typeof projectionSchema>;

const coordinate = z
  .string('give it once')
  .regex(/^-?\d{1,9}(\.\d{1,12})?(e-?\d{1,3})?$/i, 'use a number')
  .transform(Number);

export const regionQuery = z.strictObject({
  x0: coordinate.optional(),
  x1: coordinate.optional(),
  y0: coordinate.optional(),
  y1: coordinate.optional(),
  columns: z
    .string('give it once')
    .regex(/^[1-9]\d{0,2}$/, 'use a whole number from 1 to 512')
    .transform(Number)
    .refine((columns) => columns <= 512, 'use at most 512')
    .optional()
    .describe('Cells across, by default 128; there are as many up.'),
});

export const densityImageSchema = z
  .object({
    projection: projectionSchema,
    region: region.describe('What the image shows; by default all of it.'),
    columns: count,
    rows: count,
    corpora: z.array(
      z.object({
        name: z.string(),
        points: count.describe('Within the region.'),
        counts: z.array(count).describe('`(rows, columns)` row-major, from the least x and y.'),
      }),
    ),
  })
  .meta({ id: 'DensityImage', description: 'How many training points are in each cell of a grid.' });
export type DensityImageView = z.infer<typeof densityImageSchema>;

export const projectedQueriesSchema = z
  .object({
    querySet: z.string(),
    queries: z.array(z.object({ id: count, x: z.number(), y: z.number() })),
  })
  .meta({ id: 'ProjectedQueries' });

export const placeQuery = z.strictObject({
  x: coordinate,
  y: coordinate,
  corpus: nameParameter.optional(),
  texts: z
    .string('give it once')
    .regex(/^([1-9]|[1-4]\d|50)$/, 'use a whole number from 1 to 50')
    .transform(Number)
    .optional()
    .describe('By default 5.'),
});

export const placeSchema = z
  .object({
    texts: z.array(
      z.object({
        corpus: z.string(),
        source: z.string(),
        document: z.string(),
        text: z.string(),
        x: z.number(),
        y: z.number(),
      }),
    ),
  })
  .meta({
    id: 'Place',
    description: 'The training texts nearest to a place of a projection, nearest first.',
  });

export const setParameter = z.strictObject({ set: nameParameter.optional() });
