import { hashOf } from '../../indexer/index.js';
import {
  beginStep,
  finishStep,
  Interrupted,
  type OnProgress,
  type Study,
  stepNamed,
} from '../../store/index.js';

/** Says what a step did, a line at a time. */
export type Say = (line: string) => void;

/** What every step of a pipeline works with. */
export interface Pipeline {
  study: Study;
  seed: number;
  onProgress: OnProgress;
  say: Say;
  /** Stops before the next step, and within one of indexing. */
  signal?: AbortSignal | undefined;
}

/** How a step is being run. */
export interface StepRun {
  /** An interrupted run with the same inputs may have left work behind that can be gone on with. */
  resumed: boolean;
}

/**
 * Runs a step unless it was finished before with the same inputs.
 *
 * @param inputs everything the step's result depends on; its hash is the step's key
 * @param work does the step and says in a line what came of it
 * @returns the key, for the inputs of later steps
 */
export async function runStep(
  { study, say, signal }: Pipeline,
  name: string,
  inputs: unknown,
  work: (run: StepRun) => Promise<string> | string,
): Promise<string> {
  if (signal?.aborted) throw new Interrupted('Stopped. Run the same command again: it goes on from there.');
  const key = hashOf(inputs);
  const before = stepNamed(study.db, name);
  if (before?.key === key && before.finished) {
    say(`${name}: unchanged. ${before.summary}`);
    return key;
  }
  const resumed = before?.key === key;
  beginStep(study.db, name, key);
  const start = performance.now();
  const summary = await work({ resumed });
  const seconds = (performance.now() - start) / 1000;
  finishStep(study.db, name, seconds, summary);
  say(`${name}: ${summary} (${seconds.toFixed(1)} s)`);
  return key;
}
