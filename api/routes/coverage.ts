import { Router } from 'express';
import { z } from 'zod';
import { DataError, type Study } from '../../store/index.js';
import type { SubjectField, Weighing } from '../../study/index.js';
import { chooseMeasurement } from '../measured.js';
import { idParameter, parseParameters } from '../parameters.js';
import { Problem } from '../problem.js';
import type { CoverageView } from '../types.js';

/** How much is said: sources with a column, queries, and documents. */
const LIMITS = { sources: 12, least: 20, documents: 20 };

const SUBJECT_FIELDS = ['kind', 'subject', 'source', 'document'] as const satisfies readonly SubjectField[];
const WEIGHINGS = ['queries', 'density'] as const satisfies readonly Weighing[];

const pathParameters = z.object({ id: idParameter });
const parameters = z.strictObject({
  by: z.enum(SUBJECT_FIELDS, `use one of: ${SUBJECT_FIELDS.join(', ')}`).optional(),
  weigh: z.enum(WEIGHINGS, `use one of: ${WEIGHINGS.join(', ')}`).optional(),
});

/** GET /measurements/:id/coverage: which sources support which subjects of a query set. */
export function coverageRoute(study: Study): Router {
  return Router().get('/measurements/:id/coverage', async (request, response) => {
    const { id } = parseParameters(pathParameters, request.params);
    const { by, weigh } = parseParameters(parameters, request.query);
    response.json(await readCoverage(study, id, by, weigh));
  });
}

/**
 * The coverage of a measured query set; by default by what tells its queries apart, every query counting alike.
 *
 * @throws Problem (404) where there is no such measurement, (409) where its corpora have changed since
 */
export async function readCoverage(
  study: Study,
  measurementId: number,
  by?: SubjectField,
  weigh: Weighing = 'queries',
): Promise<CoverageView> {
  const measurement = chooseMeasurement(study, measurementId)!;
  // Loaded when it is asked for: behind the door of study/ is all that runs models, and a page may never need it.
  const { coverageOf } = await import('../../study/index.js');
  try {
    return coverageOf(study, measurement, { by, weigh, ...LIMITS });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const at = { field: 'measurement', value: String(measurementId) };
    throw new Problem('outdated', 409, error.message, at);
  }
}
