import type { Progress } from '../../store/index.js';

/** What the process of a job is told. */
export interface JobTask {
  studyDir: string;
  request: unknown;
}

/** What it says: progress any number of times, and then one of the others. */
export type JobMessage = { progress: Progress } | { result: unknown } | { error: string };
