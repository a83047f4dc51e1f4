import {
  controlsOf,
  densitiesOf,
  listQuerySets,
  listRuns,
  outcomeColumns,
  type Query,
  queriesOf,
  runByName,
  type Study,
} from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { chooseMeasurement } from '../measured.js';
import { badValue, notFound, Problem } from '../problem.js';
import { type FitRequest, type FitView, fitRequestSchema, fitSchema } from '../schemas/results.js';

/** POST /regressions: any regression over the stored columns, on a filter. */
export function regressionEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/regressions',
      operation: 'regress',
      summary: 'Regresses an outcome of a run on density and controls, over the queries of a filter.',
      body: fitRequestSchema,
      answer: fitSchema,
      problems: [404, 422],
      handle: ({ body }) => regress(study, body),
    }),
  ];
}

async function regress(study: Study, request: FitRequest): Promise<FitView> {
  const { leastSquares, metricsFrom } = await import('../../study/index.js');
  const { set: setName, run, metric, terms, errors, groupBy } = request;
  const { db } = study;
  const sets = listQuerySets(db);
  const set = sets.find(({ name }) => name === setName);
  if (!set)
    throw notFound('set', setName, `There are: ${sets.map(({ name }) => name).join(', ') || 'none'}.`);
  if (!runByName(db, run)) {
    throw notFound(
      'run',
      run,
      `There are: ${
        listRuns(db)
          .map(({ name }) => name)
          .join(', ') || 'none'
      }.`,
    );
  }
  const metrics = metricsFrom(outcomeColumns(db, run, set.id, set.queries));
  const outcome = metrics.find(({ name }) => name === metric);
  if (!outcome) {
    throw badValue(
      'metric',
      metric,
      `Run "${run}" has: ${metrics.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  }
  const wanted = queriesOf(db, set.id).filter(filterOf(request));
  const columns = terms.map((name) => ({ name, of: columnOf(study, request, set.id, name) }));
  const queries = wanted.filter(
    (query) =>
      Number.isFinite(outcome.values[query.row]) && columns.every(({ of }) => Number.isFinite(of(query))),
  );
  const y = queries.map(({ row }) => outcome.values[row]!);
  try {
    const fit = leastSquares(
      y,
      columns.map(({ name, of }) => ({ name, values: queries.map(of) })),
      { errors, ...(errors === 'cluster' && { groups: queries.map((query) => query[groupBy]) }) },
    );
    const { n, groups, r2, adjustedR2, residualStandardError, dropped } = fit;
    return {
      ...{ outcome: metric, unit: outcome.unit, n, left: wanted.length - n, groups, errors, dropped },
      ...{ r2, adjustedR2, residualStandardError },
      coefficients: fit.coefficients.map(({ name, estimate, standardError, low, high, pValue }) => {
        return { name, estimate, standardError, low, high, pValue };
      }),
    };
  } catch (error) {
    if (error instanceof RangeError)
      throw new Problem('cannot-answer', 422, `${queries.length} queries: ${error.message}.`);
    throw error;
  }
}

function filterOf({ filter: { kind, source, document, ids } }: FitRequest): (query: Query) => boolean {
  const chosen = ids && new Set(ids);
  return (query) =>
    (kind === undefined || query.kind === kind) &&
    (source === undefined || query.source === source) &&
    (document === undefined || query.document === document) &&
    (chosen === undefined || chosen.has(query.id));
}

/** The values of a term by query; NaN where there is none. */
function columnOf(
  study: Study,
  { measurement: id, set }: FitRequest,
  querySetId: number,
  term: string,
): (query: Query) => number {
  if (term === 'log10_density') {
    const measurement = chooseMeasurement(study, id, querySetId);
    if (!measurement || measurement.querySetId !== querySetId) {
      throw badValue('measurement', String(id ?? 'none'), `it is none of query set "${set}".`);
    }
    const densities = densitiesOf(study.db, measurement.id);
    return (query) => densities.get(query.id)?.log10Density ?? Number.NaN;
  }
  const [, inner] = /^log\((.+)\)$/.exec(term) ?? [];
  const controls = controlsOf(study.db, querySetId);
  const values = controls.get(inner ?? term);
  if (!values) {
    const known = ['log10_density', ...controls.keys()].join(', ');
    throw badValue('terms', term, `there are: ${known}, and log(…) of one.`);
  }
  const value = (query: Query) => values.get(query.id) ?? Number.NaN;
  return inner === undefined ? value : (query) => Math.log(value(query));
}
