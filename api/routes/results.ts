import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  chunkAt,
  type LeakSearch,
  leakSuspectsOf,
  listCorpora,
  listInterventions,
  listLeakSearches,
  listQuerySets,
  queriesOf,
  type Study,
} from '../../store/index.js';
import type { Endpoint } from '../endpoint.js';
import { notFound } from '../problem.js';
import { findReport, listReports } from '../report-files.js';
import { nameParameter } from '../schemas/common.js';
import {
  interventionRowSchema,
  type LeakRow,
  leakRowSchema,
  type RegressionRow,
  regressionRowSchema,
  reportRowSchema,
} from '../schemas/results.js';
import { tableEndpoint } from '../table.js';

/** GET /reports, /regressions, /interventions and /leaks: what was found. */
export function resultEndpoints(study: Study): Endpoint[] {
  const { db } = study;
  return [
    tableEndpoint({
      ...{ path: '/reports', operation: 'listReports', summary: 'The reports, newest first.' },
      ...{ row: reportRowSchema, filters: {}, key: 'name' },
      rows: () =>
        listReports(study).map(({ name, study: title, made, html }) => ({ name, study: title, made, html })),
    }),
    tableEndpoint({
      path: '/regressions',
      operation: 'listRegressions',
      summary: 'Every run, outcome, density and query set of a report, by each of the regression models.',
      row: regressionRowSchema,
      filters: {
        report: nameParameter.optional().describe('By default the newest.'),
        run: nameParameter.optional(),
        metric: nameParameter.optional(),
        model: nameParameter.optional(),
      },
      key: 'id',
      rows: ({ report, run, metric, model }) =>
        regressionsOf(study, report).filter(
          (row) =>
            (run === undefined || row.run === run) &&
            (metric === undefined || row.metric === metric) &&
            (model === undefined || row.model === model),
        ),
    }),
    tableEndpoint({
      ...{ path: '/interventions', operation: 'listInterventions' },
      ...{ summary: 'The experiments on the training data, as they were designed.' },
      ...{ row: interventionRowSchema, filters: {}, key: 'name' },
      rows: () => {
        const sets = new Map(listQuerySets(db).map(({ id, name }) => [id, name]));
        return listInterventions(db).map(({ querySetId, band: _, ...one }) => ({
          ...one,
          querySet: sets.get(querySetId)!,
        }));
      },
    }),
    tableEndpoint({
      path: '/leaks',
      operation: 'listLeaks',
      summary: 'Of every query that leaks were looked for of, the likeliest, from the highest score down.',
      row: leakRowSchema,
      filters: {
        set: nameParameter.optional().describe('A query set; by default all.'),
        kind: nameParameter.optional(),
      },
      key: 'id',
      rows: ({ set, kind }) => leakRows(study, set).filter((row) => kind === undefined || row.kind === kind),
    }),
  ];
}

/** The table of regressions of a report; empty where there is no report, or an older densimeter made it. */
function regressionsOf(study: Study, named: string | undefined): RegressionRow[] {
  const name = named ?? listReports(study)[0]?.name;
  if (name === undefined) return [];
  const { cells = [] } = JSON.parse(readFileSync(join(findReport(study, name), 'report.json'), 'utf8')) as {
    cells?: Omit<RegressionRow, 'id'>[];
  };
  return cells.map((cell) => {
    const { querySet, run, metric, kernel, model } = cell;
    return { id: [querySet, run, metric, kernel, model].join(' / '), ...cell };
  });
}

function leakRows(study: Study, set: string | undefined): LeakRow[] {
  const sets = listQuerySets(study.db);
  if (set !== undefined && !sets.some(({ name }) => name === set)) {
    throw notFound('set', set, `There are: ${sets.map(({ name }) => name).join(', ') || 'none'}.`);
  }
  return listLeakSearches(study.db)
    .flatMap((search) => {
      const { name } = sets.find(({ id }) => id === search.querySetId)!;
      return set === undefined || name === set ? rowsOf(study, search, name) : [];
    })
    .sort((a, b) => b.score - a.score);
}

function rowsOf(
  { db }: Study,
  { id, querySetId, corpora, threshold }: LeakSearch,
  querySet: string,
): LeakRow[] {
  const queries = new Map(queriesOf(db, querySetId).map((query) => [query.id, query]));
  const names = new Map(listCorpora(db).map((corpus) => [corpus.id, corpus.name]));
  return leakSuspectsOf(db, id).map(({ corpusId, row, ...suspect }) => {
    const { key, kind, text } = queries.get(suspect.queryId)!;
    const { document, text: nearest } = chunkAt(db, corpusId, row)!;
    const suspected = suspect.score >= threshold;
    const about = { id: `${id} ${suspect.queryId}`, querySet, corpora, key, kind, text };
    return { ...about, ...suspect, suspected, corpus: names.get(corpusId)!, document, nearest };
  });
}
