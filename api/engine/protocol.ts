import type { AnswerOptions, Answers, Asked } from '../../study/index.js';

/** What a worker is asked. */
export interface EngineTask {
  /** By default all that the embedder of the first one embedded. */
  corpora: readonly string[] | undefined;
  asked: Asked;
  options: AnswerOptions;
  /** Counts up when the study changes: what a worker opened before is out of date. */
  version: number;
  /** Whether it can share a scan with others, so that it need not wait for them. */
  shares: boolean;
}

/** A task with the number that its reply has. */
export type NumberedTask = EngineTask & { number: number };
export type NumberedReply = EngineReply & { number: number };

/** What it answers; an error loses its class on the way. */
export type EngineReply =
  | { answers: Answers }
  | { usageError: string }
  | { dataError: string }
  | { error: { message: string; stack?: string | undefined } };
