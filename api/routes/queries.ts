import { z } from 'zod';
import {
  bandwidthDensitiesOf,
  calibrationOf,
  chunkAt,
  densitiesOf,
  densityControlsOfQuery,
  listCorpora,
  listRuns,
  neighboursOf,
  outcomesOf,
  percentileIn,
  type Query,
  queryById,
  type Share,
  type Study,
  sharesOf,
  topSharesOf,
} from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { perToken } from '../loss.js';
import { chooseMeasurement } from '../measured.js';
import { notFound } from '../problem.js';
import { idParameter } from '../schemas/common.js';
import {
  type DensityView,
  type NeighbourView,
  type OutcomeView,
  type QueryView,
  querySchema,
  type ShareView,
} from '../schemas/queries.js';

/** GET /queries/{id}: a query's text, its density, what holds it, and what every run scored. */
export function queriesEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/queries/{id}',
      operation: 'getQuery',
      summary: 'A query: its text, density, what holds it, and what every run scored.',
      params: z.object({ id: idParameter }),
      query: z.strictObject({ measurement: idParameter.optional() }),
      answer: querySchema,
      handle: ({ params: { id }, query: { measurement } }) => readQuery(study, id, measurement),
    }),
  ];
}

/** Everything known of one query at one measurement, by default the first of its query set. */
export function readQuery(study: Study, id: number, measurementId?: number): QueryView {
  const query = queryById(study.db, id);
  if (!query) throw notFound('query', String(id), 'GET /api/v1/points lists the ids.');
  const density = densityOf(study, query, measurementId);
  const measured = density?.measurement.id;
  const { key, kind, source, document, text } = query;
  return {
    id,
    key,
    kind,
    source,
    document,
    text,
    density,
    shares: byLevel(measured === undefined ? [] : sharesOf(study.db, measured, id)),
    curve: measured === undefined ? [] : bandwidthDensitiesOf(study.db, measured, id),
    topShares: measured === undefined ? [] : topSharesOf(study.db, measured, id),
    controls: measured === undefined ? {} : densityControlsOfQuery(study.db, measured, id),
    neighbours: measured === undefined ? [] : nearestTexts(study, measured, id),
    outcomes: outcomesOfQuery(study, id),
  };
}

function densityOf(study: Study, query: Query, measurementId?: number): DensityView | null {
  const measurement = chooseMeasurement(study, measurementId, query.querySetId);
  const density = measurement && densitiesOf(study.db, measurement.id).get(query.id);
  if (density) {
    const { log10Density, log10Low: low, log10High: high, effectiveSamples, touched } = density;
    const calibration = calibrationOf(study.db, measurement.corpora, measurement.kernel);
    const percentile =
      calibration?.bandwidth === measurement.bandwidth ? percentileIn(calibration, log10Density) : null;
    return { measurement, log10Density, low, high, effectiveSamples, touched, percentile };
  }
  if (measurementId === undefined) return null;
  throw notFound('measurement', String(measurementId), `Query ${query.id} was not measured by it.`);
}

function byLevel(shares: readonly Share[]): QueryView['shares'] {
  const at = (level: Share['level']): ShareView[] =>
    shares.filter((one) => one.level === level).map(({ level: _, ...one }) => one);
  return { corpus: at('corpus'), source: at('source'), document: at('document') };
}

function nearestTexts(study: Study, measurementId: number, queryId: number): NeighbourView[] {
  const corpusNames = new Map(listCorpora(study.db).map(({ id, name }) => [id, name]));
  return neighboursOf(study.db, measurementId, queryId).flatMap(({ corpusId, row, distance, share }) => {
    const chunk = chunkAt(study.db, corpusId, row);
    if (!chunk) return [];
    const { source, document, meta, text } = chunk;
    const corpus = corpusNames.get(corpusId) ?? '';
    return { corpus, row, distance, share, source, document, meta, text };
  });
}

function outcomesOfQuery(study: Study, queryId: number): OutcomeView[] {
  return listRuns(study.db).flatMap(({ name }) => {
    const outcome = outcomesOf(study.db, name).get(queryId);
    return outcome ? { run: name, ...perToken(outcome) } : [];
  });
}
