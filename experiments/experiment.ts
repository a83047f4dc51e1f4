import type { OnProgress } from '../store/index.js';

/** A controlled comparison of models that are trained for it. */
export interface Experiment {
  name: string;
  title: string;
  /** What the paper claims, and the size at which it does. */
  claim: string;
  run(options: ExperimentOptions): Promise<ExperimentResult>;
}

/** How an experiment is run. */
export interface ExperimentOptions {
  /** The study that it writes. */
  folder: string;
  /** The small form takes minutes, the full one up to two hours. */
  full: boolean;
  seeds: readonly number[];
  /** For `genqa`: JSON lines of generated texts (id, text), instead of those that it makes itself. */
  generated?: string | undefined;
  onProgress: OnProgress;
  say(line: string): void;
  signal?: AbortSignal | undefined;
}

/** A figure of an experiment with its 95% interval. */
export interface Finding {
  measure: string;
  /** What it is of: an arm, a training rule, a size. */
  condition: string;
  value: number;
  /** Null for what is said of one model, or is not estimated. */
  low: number | null;
  high: number | null;
  unit: string;
  /** How the interval was made, and of how many. */
  note: string;
}

/** What an experiment found. */
export interface ExperimentResult {
  findings: Finding[];
  /** One sentence against the paper's claim. */
  conclusion: string;
  /** The report that the study ends in; null where there is none. */
  report: string | null;
}
