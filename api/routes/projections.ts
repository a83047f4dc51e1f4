import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import {
  chunkAt,
  chunkCount,
  listProjections,
  type Projection,
  placesOfCorpus,
  placesOfQueries,
  queriesOf,
  type Study,
} from '../../store/index.js';
import { countCells, nearestPlaces } from '../../study/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import type { JobRunner } from '../jobs/index.js';
import { badValue, notFound } from '../problem.js';
import { nameParameter } from '../schemas/common.js';
import { jobSchema } from '../schemas/jobs.js';
import {
  densityImageSchema,
  type ProjectionView,
  placeQuery,
  placeSchema,
  projectedQueriesSchema,
  projectionRequestSchema,
  projectionSchema,
  regionQuery,
  setParameter,
} from '../schemas/projections.js';
import { startJob } from './jobs.js';

const params = z.object({ name: nameParameter });
const COLUMNS = 128;
const TEXTS = 5;
/** Places that are held in memory, bytes: those of 64 million points. */
const HELD_BYTES = 512 * 2 ** 20;

/** /projections: corpora and query sets in two dims. */
export function projectionEndpoints(study: Study, jobs: JobRunner): Endpoint[] {
  const { db } = study;
  const held = new LRUCache<string, Float32Array>({
    maxSize: HELD_BYTES,
    sizeCalculation: (places) => Math.max(1, places.byteLength),
  });
  return [
    endpoint({
      ...{ method: 'get', path: '/projections', operation: 'listProjections' },
      summary: 'The projections of the study to two dims, oldest first.',
      answer: z.object({ projections: z.array(projectionSchema) }),
      handle: () => ({ projections: listProjections(db).map(viewOf) }),
    }),
    endpoint({
      ...{ method: 'post', path: '/projections', operation: 'startProjection' },
      summary:
        'Projects corpora and the queries of their embedder to two dims, as a job: PCA in seconds, UMAP in a minute or more.',
      ...{ body: projectionRequestSchema, status: 202, answer: jobSchema, changes: true },
      handle: ({ body }, exchange) => startJob(jobs, 'project', body, exchange),
    }),
    endpoint({
      ...{ method: 'get', path: '/projections/{name}', operation: 'getDensityImage' },
      summary: 'How many training points are in each cell of a grid over a region of a projection.',
      ...{ params, query: regionQuery, answer: densityImageSchema },
      handle: ({ params: { name }, query: { x0, x1, y0, y1, columns = COLUMNS } }) => {
        const projection = named(name);
        const { extent } = projection;
        const region = {
          x: rangeOf('x1', [x0 ?? extent.x[0], x1 ?? extent.x[1]]),
          y: rangeOf('y1', [y0 ?? extent.y[0], y1 ?? extent.y[1]]),
        };
        return {
          ...{ projection: viewOf(projection), region, columns, rows: columns },
          corpora: projection.corpora.map((corpus) => {
            const { counts, points } = countCells(places(projection, corpus.id), region, {
              columns,
              rows: columns,
            });
            return { name: corpus.name, points, counts: [...counts] };
          }),
        };
      },
    }),
    endpoint({
      ...{ method: 'get', path: '/projections/{name}/queries', operation: 'getProjectedQueries' },
      summary: 'Where the queries of a set are in a projection; by default those of the first set.',
      ...{ params, query: setParameter, answer: projectedQueriesSchema },
      handle: ({ params: { name }, query: { set } }) => {
        const projection = named(name);
        const querySet = projection.querySets.find((one) => set === undefined || one.name === set);
        if (!querySet) {
          const there = projection.querySets.map((one) => one.name).join(', ') || 'none';
          throw notFound('query set', set ?? '', `There are: ${there}.`);
        }
        const at = placesOfQueries(db, projection.id, querySet.id)!;
        return {
          querySet: querySet.name,
          queries: queriesOf(db, querySet.id).map(({ id }, i) => ({ id, x: at[2 * i]!, y: at[2 * i + 1]! })),
        };
      },
    }),
    endpoint({
      ...{ method: 'get', path: '/projections/{name}/texts', operation: 'getPlace' },
      summary: 'The training texts nearest to a place of a projection.',
      ...{ params, query: placeQuery, answer: placeSchema },
      handle: ({ params: { name }, query: { x, y, corpus, texts = TEXTS } }) => {
        const projection = named(name);
        const near = projection.corpora
          .filter((one) => corpus === undefined || one.name === corpus)
          .flatMap(({ id, name: of }) => {
            const at = places(projection, id);
            return nearestPlaces(at, [x, y], texts).map(({ row, distance }) => ({
              id,
              of,
              at,
              row,
              distance,
            }));
          })
          .sort((a, b) => a.distance - b.distance)
          .slice(0, texts);
        return {
          texts: near.flatMap(({ id, of, at, row }) => {
            const chunk = chunkAt(db, id, row);
            if (!chunk) return [];
            const { source, document, text } = chunk;
            return [{ corpus: of, source, document, text, x: at[2 * row]!, y: at[2 * row + 1]! }];
          }),
        };
      },
    }),
  ];

  function named(name: string): Projection {
    const all = listProjections(db);
    const found = all.find((one) => one.name === name);
    if (found) return found;
    throw notFound('projection', name, `There are: ${all.map((one) => one.name).join(', ') || 'none'}.`);
  }

  function places(projection: Projection, corpusId: number): Float32Array {
    const key = `${projection.id} ${corpusId} ${projection.made}`;
    const found = held.get(key) ?? placesOfCorpus(db, projection.id, corpusId)!;
    held.set(key, found);
    return found;
  }

  function viewOf({ fingerprint: _, corpora, querySets, ...projection }: Projection): ProjectionView {
    return {
      ...projection,
      corpora: corpora.map(({ id, name, points }) => ({
        name,
        points,
        stale: chunkCount(db, id) !== points,
      })),
      querySets: querySets.map(({ name, queries }) => ({ name, queries })),
    };
  }
}

function rangeOf(field: string, [low, high]: [number, number]): [number, number] {
  if (high > low) return [low, high];
  throw badValue(field, String(high), `the region ends above ${low}, where it begins.`);
}
