import type { OnProgress, Projection, Study } from '../../store/index.js';
import { project } from '../../study/index.js';
import { projectionRequestSchema } from '../schemas/projections.js';

/**
 * Projects corpora and their queries to two dims.
 *
 * @throws UsageError, DataError as `project` does
 */
export async function projectJob(
  study: Study,
  request: unknown,
  onProgress: OnProgress,
): Promise<Pick<Projection, 'id' | 'name' | 'method'>> {
  const { id, name, method } = await project(study, {
    ...projectionRequestSchema.parse(request),
    onProgress,
  });
  return { id, name, method };
}
