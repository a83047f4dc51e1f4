import { z } from 'zod';
import { densitiesOf, listRuns, outcomesOf, queriesOf, type Study } from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { perToken } from '../loss.js';
import { chooseMeasurement } from '../measured.js';
import { notFound } from '../problem.js';
import { idParameter, nameParameter } from '../schemas/common.js';
import { type PointsView, type PointView, pointsSchema } from '../schemas/queries.js';

const EXCERPT_CHARACTERS = 120;

/** GET /points: one row a query of a measurement, with what a run scored on it. */
export function pointsEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/points',
      operation: 'getPoints',
      summary: 'Every query of a measurement, with what a run scored on it; by default the first of each.',
      query: z.strictObject({ measurement: idParameter.optional(), run: nameParameter.optional() }),
      answer: pointsSchema,
      problems: [404],
      handle: ({ query: { measurement, run } }) => readPoints(study, measurement, run),
    }),
  ];
}

/** The points of a measurement (by default the first) and a run (by default the first). */
export function readPoints(study: Study, measurementId?: number, runName?: string): PointsView {
  const measurement = chooseMeasurement(study, measurementId);
  const run = chooseRun(study, runName);
  return { measurement, run, points: measurement ? pointsOf(study, measurement, run) : [] };
}

function pointsOf(
  study: Study,
  measurement: { id: number; querySetId: number },
  run: string | null,
): PointView[] {
  const densities = densitiesOf(study.db, measurement.id);
  const outcomes = run === null ? undefined : outcomesOf(study.db, run);
  return queriesOf(study.db, measurement.querySetId).flatMap(({ id, kind, source, document, text }) => {
    const density = densities.get(id);
    if (!density) return [];
    const { loss, tokens, perplexity } = perToken(outcomes?.get(id));
    return {
      id,
      kind,
      source,
      document,
      log10Density: density.log10Density,
      low: density.log10Low,
      high: density.log10High,
      effectiveSamples: density.effectiveSamples,
      loss,
      tokens,
      perplexity,
      excerpt: excerptOf(text),
    };
  });
}

function chooseRun(study: Study, name?: string): string | null {
  const runs = listRuns(study.db).map((run) => run.name);
  if (name === undefined) return runs[0] ?? null;
  if (runs.includes(name)) return name;
  throw notFound('run', name, `There are: ${runs.join(', ') || 'none'}.`);
}

function excerptOf(text: string): string {
  return [...text.slice(0, 2 * EXCERPT_CHARACTERS)].slice(0, EXCERPT_CHARACTERS).join('');
}
