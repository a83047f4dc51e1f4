import { DataError, openStudy, UsageError } from '../../store/index.js';
import { indexJob } from './index-job.js';
import { measureJob } from './measure-job.js';
import { projectJob } from './project-job.js';
import type { JobMessage, JobTask, JobWork } from './protocol.js';
import { reportJob } from './report-job.js';

const WORK: Record<string, JobWork> = {
  index: indexJob,
  measure: measureJob,
  project: projectJob,
  report: reportJob,
};

/*
 * The process of one job: it writes to the study, so that the server need not, and can be ended at any time. What it makes is in the
 * catalogue as a whole or not at all.
 */

/** The process of a job before may take a moment to end. */
const LOCK_MS = 10_000;

process.once('message', async (task: JobTask) => {
  await say(await run(task));
  process.disconnect();
});
// A job whose server was killed is run again by the next one.
process.once('disconnect', () => process.exit());

async function run({ studyDir, kind, request }: JobTask): Promise<JobMessage> {
  try {
    const study = openStudy(studyDir, { write: true, waitMs: LOCK_MS });
    try {
      const work = WORK[kind];
      if (!work) throw new DataError(`This densimeter knows no job of kind "${kind}".`);
      return { result: await work(study, request, (progress) => void say({ progress })) };
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
