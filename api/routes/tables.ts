import { z } from 'zod';
import {
  densitiesOf,
  listQuerySets,
  listRuns,
  lossesOf,
  metricsOf,
  queriesOf,
  type Study,
  summariseCorpora,
} from '../../store/index.js';
import type { Endpoint } from '../endpoint.js';
import { chooseMeasurement } from '../measured.js';
import { notFound } from '../problem.js';
import { idParameter, nameParameter } from '../schemas/common.js';
import { corpusSchema, querySetSchema, runSchema } from '../schemas/study.js';
import { type OutcomeRow, outcomeRowSchema, type QueryRow, queryRowSchema } from '../schemas/tables.js';
import { tableEndpoint } from '../table.js';

/** GET /corpora, /query-sets, /runs, /queries and /outcomes: the lists of a study. */
export function tableEndpoints(study: Study): Endpoint[] {
  const { db } = study;
  return [
    tableEndpoint({
      ...{ path: '/corpora', operation: 'listCorpora', summary: 'The corpora, with their sizes.' },
      ...{ row: corpusSchema, filters: {}, key: 'name' },
      rows: () =>
        summariseCorpora(db).map(
          ({ id: _, fingerprint: __, folder: ___, embedderChoice: ____, ...corpus }) => corpus,
        ),
    }),
    tableEndpoint({
      ...{ path: '/query-sets', operation: 'listQuerySets', summary: 'The query sets.' },
      ...{ row: querySetSchema, filters: {}, key: 'name' },
      rows: () => listQuerySets(db).map(({ fingerprint: _, ...set }) => set),
    }),
    tableEndpoint({
      ...{ path: '/runs', operation: 'listRuns', summary: 'The runs, with their covariates.' },
      ...{ row: runSchema, filters: {}, key: 'name' },
      rows: () => listRuns(db).map(({ id: _, settings: __, ...run }) => run),
    }),
    tableEndpoint({
      ...{ path: '/queries', operation: 'listQueries' },
      summary: 'The queries, with their density at a measurement and their loss by a run.',
      row: queryRowSchema,
      filters: {
        set: nameParameter.optional().describe('A query set; by default all.'),
        kind: nameParameter.optional(),
        source: nameParameter.optional(),
        document: nameParameter.optional(),
        text: nameParameter.optional().describe('A part of the text, in upper or lower case.'),
        measurement: idParameter.optional(),
        run: nameParameter.optional(),
      },
      key: 'id',
      rows: (filters) => queryRows(study, filters),
    }),
    tableEndpoint({
      ...{ path: '/outcomes', operation: 'listOutcomes', summary: 'What runs scored on queries.' },
      row: outcomeRowSchema,
      filters: {
        run: nameParameter.optional(),
        set: nameParameter.optional(),
        metric: z.string('give it once').min(1).max(200).optional(),
      },
      key: 'id',
      rows: (filters) => outcomeRows(study, filters),
    }),
  ];
}

interface QueryFilters {
  set?: string | undefined;
  kind?: string | undefined;
  source?: string | undefined;
  document?: string | undefined;
  text?: string | undefined;
  measurement?: number | undefined;
  run?: string | undefined;
}

function queryRows(study: Study, filters: QueryFilters): QueryRow[] {
  const { set, kind, source, document, text, measurement, run } = filters;
  const densities =
    measurement === undefined ? undefined : densitiesOf(study.db, chooseMeasurement(study, measurement)!.id);
  const losses = run === undefined ? undefined : lossesOf(study.db, runNamed(study, run));
  const part = text?.toLowerCase();
  return setsNamed(study, set).flatMap(({ id: setId, name: querySet }) =>
    queriesOf(study.db, setId)
      .filter(
        (query) =>
          (kind === undefined || query.kind === kind) &&
          (source === undefined || query.source === source) &&
          (document === undefined || query.document === document) &&
          (part === undefined || query.text.toLowerCase().includes(part)),
      )
      .map((query): QueryRow => {
        const density = densities?.get(query.id);
        return {
          ...{ id: query.id, querySet, key: query.key, kind: query.kind, document: query.document },
          ...{ source: query.source, text: query.text },
          log10Density: density?.log10Density ?? null,
          low: density?.log10Low ?? null,
          high: density?.log10High ?? null,
          effectiveSamples: density?.effectiveSamples ?? null,
          loss: losses?.get(query.id) ?? null,
        };
      }),
  );
}

function outcomeRows(
  study: Study,
  { run, set, metric }: { run?: string | undefined; set?: string | undefined; metric?: string | undefined },
): OutcomeRow[] {
  const { db } = study;
  const runs = run === undefined ? listRuns(db).map(({ name }) => name) : [runNamed(study, run)];
  return setsNamed(study, set).flatMap(({ id: setId }) => {
    const keys = new Map(queriesOf(db, setId).map(({ id, key }) => [id, key]));
    return runs.flatMap((name) =>
      [...metricsOf(db, name, setId)]
        .filter(([one]) => metric === undefined || one === metric)
        .flatMap(([one, values]) =>
          Array.from(values, ([queryId, value]) => ({
            ...{ id: `${name} ${queryId} ${one}`, run: name, queryId, key: keys.get(queryId)! },
            ...{ metric: one, value },
          })),
        ),
    );
  });
}

function setsNamed({ db }: Study, name: string | undefined): { id: number; name: string }[] {
  const sets = listQuerySets(db);
  if (name === undefined) return sets;
  const found = sets.filter((set) => set.name === name);
  if (found.length > 0) return found;
  throw notFound('set', name, `There are: ${sets.map((set) => set.name).join(', ') || 'none'}.`);
}

function runNamed({ db }: Study, name: string): string {
  const names = listRuns(db).map((run) => run.name);
  if (names.includes(name)) return name;
  throw notFound('run', name, `There are: ${names.join(', ') || 'none'}.`);
}
