import type { OnProgress, Study } from '../../store/index.js';
import { reportRequest, writeReport } from '../../study/index.js';
import { reportTaskSchema } from '../schemas/jobs.js';

/**
 * Writes a report on a query set of the study, in the place of the one of that name.
 *
 * @throws UsageError, DataError as `writeReport` does
 */
export async function reportJob(
  study: Study,
  request: unknown,
  onProgress: OnProgress,
): Promise<{ name: string }> {
  const given = reportTaskSchema.parse(request);
  await writeReport(study, reportRequest(study, given), { onProgress });
  return { name: given.name };
}
