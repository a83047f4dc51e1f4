import type { AnswerOptions, Answers, Asked } from '../../study/index.js';

/** What a worker is asked. */
export interface EngineTask {
  /** By default all that the embedder of the first one embedded. */
  corpora: readonly string[] | undefined;
  asked: Asked;
  options: AnswerOptions;
  /** Counts up when the study changes: what a worker opened before is out of date. */
  version: number;
}

/** What it answers; an error loses its class on the way. */
export type EngineReply =
  | { answers: Answers }
  | { usageError: string }
  | { dataError: string }
  | { error: { message: string; stack?: string | undefined } };
