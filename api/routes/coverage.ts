import { z } from 'zod';
import { DataError, type Study } from '../../store/index.js';
import type { SubjectField, Weighing } from '../../study/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { chooseMeasurement } from '../measured.js';
import { Problem } from '../problem.js';
import { idParameter } from '../schemas/common.js';
import { type CoverageView, coverageSchema, SUBJECT_FIELDS, WEIGHINGS } from '../schemas/coverage.js';

/** How much is said: sources with a column, queries, and documents. */
const LIMITS = { sources: 12, least: 20, documents: 20 };

/** GET /measurements/{id}/coverage: which sources support which subjects of a query set. */
export function coverageEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/measurements/{id}/coverage',
      operation: 'getCoverage',
      summary: 'Which sources support which subjects of a measured query set.',
      params: z.object({ id: idParameter }),
      query: z.strictObject({
        by: z.enum(SUBJECT_FIELDS, `use one of: ${SUBJECT_FIELDS.join(', ')}`).optional(),
        weigh: z.enum(WEIGHINGS, `use one of: ${WEIGHINGS.join(', ')}`).optional(),
      }),
      answer: coverageSchema,
      problems: [409],
      handle: ({ params: { id }, query: { by, weigh } }) => readCoverage(study, id, by, weigh),
    }),
  ];
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
