import type { OnProgress, Progress, Study } from '../../store/index.js';

/** Does a job of one kind; what it makes is in the study as a whole or not at all, or goes on where it was. */
export type JobWork = (study: Study, request: unknown, onProgress: OnProgress) => Promise<unknown>;

/** What the process of a job is told. */
export interface JobTask {
  studyDir: string;
  kind: string;
  request: unknown;
}

/** What it says: progress any number of times, and then one of the others. */
export type JobMessage = { progress: Progress } | { result: unknown } | { error: string };
