import { DataError, openStudy, UsageError } from '../../store/index.js';
import { measurementRequestSchema } from '../schemas/jobs.js';
import { measureJob } from './measure-job.js';
import type { JobMessage, JobTask } from './protocol.js';

/*
 * The process of one job: it writes to the study, so that the server need not, and can be ended at any time. What it makes is in the
 * catalogue as a whole or not at all.
 */

process.once('message', async (task: JobTask) => {
  await say(await run(task));
  process.disconnect();
});

async function run({ studyDir, request }: JobTask): Promise<JobMessage> {
  try {
    const study = openStudy(studyDir, { write: true });
    try {
      const result = await measureJob(study, measurementRequestSchema.parse(request), (progress) => {
        void say({ progress });
      });
      return { result };
    } finally {
      study.close();
    }
  } catch (error) {
    const isKnown = error instanceof UsageError || error instanceof DataError || error instanceof RangeError;
    if (!isKnown) console.error(error);
    return { error: isKnown ? error.message : 'The job failed; the output of the server says why.' };
  }
}

function say(message: JobMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, undefined, undefined, () => resolve());
  });
}
