import type { Cell } from '../batch/index.js';
import type { InterventionResult } from '../interventions/index.js';
import type { LeaksResult } from '../leaks/index.js';
import type { MemorizationResult } from '../memorization/index.js';
import type { Estimate, Headline, Panel, Sensitivity, Slope } from '../regression/index.js';
import type { Comparison } from './compare/index.js';
import type { ReportCoverage } from './coverage.js';
import type { GateResult } from './gates/index.js';

export type { Cell } from '../batch/index.js';
export type { ArmResult, InterventionResult } from '../interventions/index.js';
export type { Leak, LeaksResult } from '../leaks/index.js';
export type { Estimate } from '../regression/index.js';

export type { Comparison, Moved, MovedHeadline, MovedQuery } from './compare/index.js';
export type { GateResult } from './gates/index.js';

/** The version of report.json's layout; raised whenever a field changes its meaning or goes. */
export const REPORT_VERSION = 3;

/** Everything a report says, as report.json holds it. Loss is nats a token, density is log10 of the kernel mean. */
export interface Report {
  version: typeof REPORT_VERSION;
  name: string;
  study: string;
  made: string;
  seed: number;
  /** What was found, how sure, and what it does not say: a paragraph each. */
  words: string[];
  querySet: ReportedQueries;
  corpora: ReportCorpus[];
  density: DensitySettings;
  run: ReportedRun;
  kinds: KindSummary[];
  regressions: Regression[];
  /** What density adds to what else is known of the queries; null where they are too few. */
  headline: Headline | null;
  /** The headline by other kernels and bandwidths; null without a headline or a sweep. */
  sensitivity: Sensitivity | null;
  /** Every run by itself, where the study has several on these queries. */
  panel: Panel | null;
  /** Every run, metric, density and query set, by each of the regression models. */
  cells: Cell[];
  /** Which sources support which subjects; null where no shares were kept. */
  coverage: ReportCoverage | null;
  /** The points of the chart: one a query. */
  queries: QueryPoint[];
  /** Queries that the training data seems to hold; null where none were looked for. */
  leaks: LeaksResult | null;
  /** Of runs whose completions were compared with the queries. */
  memorization: MemorizationResult[];
  interventions: InterventionResult[];
  /** What moved against another report; null where none was given. */
  comparison: Comparison | null;
  /** Rules of what must not be, and whether they failed. */
  gates: GateResult[];
}

/** The queries of a report; the hash is of their keys and texts, so that reports of other queries are not compared. */
export interface ReportedQueries {
  name: string;
  queries: number;
  hash: string;
}

/** What the losses are of: a run, or the mean of several. */
export interface ReportedRun {
  name: string;
  /** The runs whose mean it is: itself alone for one. */
  runs: string[];
  scorer: string;
  /** Of a model trained here. */
  trainedTokens: number | null;
  vocabulary: number | null;
}

export interface ReportCorpus {
  name: string;
  role: string;
  documents: number;
  heldOut: number;
  chunks: number;
  sources: number;
}

/** What a density in this report means. */
export interface DensitySettings {
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /** Training points behind every density, n. */
  points: number;
  corpora: string[];
  embedder: string;
  dims: number;
}

/** How supported and how surprising the queries of one kind are. */
export interface KindSummary {
  kind: string;
  queries: number;
  medianLog10Density: number;
  medianLoss: number;
  medianEffectiveSamples: number;
}

export interface Coefficient extends Slope {
  name: string;
}

/** Loss (nats a token) regressed on log10 density, plain and with controls, over the queries of one kind or all. */
export interface Regression {
  kernel: string;
  bandwidth: number;
  /** `all`, or a kind of query. */
  queries: string;
  n: number;
  /** p of density's slope with controls after Benjamini and Hochberg's correction for all of these exploratory regressions. */
  adjustedPValue: number | null;
  pearson: Estimate | null;
  spearman: Estimate | null;
  plain: { coefficients: Coefficient[]; r2: number; outOfSampleR2: number | null };
  controlled: {
    controls: string[];
    coefficients: Coefficient[];
    r2: number;
    outOfSampleR2: number | null;
    /** Out-of-sample R² of the controls alone, which density has to beat. */
    controlsOutOfSampleR2: number | null;
    /** What density adds to the controls' out-of-sample R², on the same folds. */
    outOfSampleGain: Estimate | null;
    partialR2: number;
    /** Terms left out because they are constant, collinear, or about one row alone. */
    dropped: string[];
  } | null;
}

export interface QueryPoint {
  id: number;
  key: string;
  kind: string;
  source: string;
  /** Queries that vary together: the document, or the source. */
  group: string;
  log10Density: number;
  /** nats a token */
  loss: number;
  /** The start of the query's text. */
  excerpt: string;
}
