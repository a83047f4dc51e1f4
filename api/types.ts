/**
 * What the API answers, as JSON. Types only: the explorer imports this file with `import type`.
 *
 * Density is log10 of the kernel mean, loss is nats a token; a number that JSON cannot say (an infinite
 * perplexity, the logarithm of 0) is null.
 */

/** GET /api/v1/study */
export interface StudyView {
  name: string;
  corpora: CorpusView[];
  querySets: QuerySetView[];
  runs: RunView[];
  measurements: MeasurementView[];
  /** Newest first. */
  reports: ReportView[];
  /** The words of the newest report, a paragraph each; empty without a report. */
  words: string[];
}

export interface CorpusView {
  name: string;
  role: 'pretrain' | 'finetune' | 'intervention';
  embedder: string;
  dims: number;
  documents: number;
  heldOut: number;
  chunks: number;
  /** Chunks whose text stands in an earlier chunk too. */
  duplicates: number;
  sources: number;
  precision: 'fp32' | 'fp16';
}

export interface QuerySetView {
  id: number;
  name: string;
  embedder: string;
  dims: number;
  queries: number;
}

export interface RunView {
  name: string;
  scorer: string;
  covariates: Record<string, number | string>;
}

/** The settings under which the densities of a query set were estimated. */
export interface MeasurementView {
  id: number;
  name: string;
  querySetId: number;
  corpora: string[];
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /** Training points behind every density, n. */
  points: number;
}

export interface ReportView {
  name: string;
  /** When it was made (ISO 8601); null where its report.json cannot be read. */
  made: string | null;
  /** Whether there is a report.html. */
  html: boolean;
}

/** GET /api/v1/points. `measurement` and `run` are null where the study has none yet. */
export interface PointsView {
  measurement: MeasurementView | null;
  run: string | null;
  points: PointView[];
}

/** One query: how supported it is, and how surprising it was to the run. */
export interface PointView {
  id: number;
  kind: string;
  source: string;
  document: string;
  log10Density: number | null;
  low: number | null;
  high: number | null;
  effectiveSamples: number;
  loss: number | null;
  tokens: number | null;
  perplexity: number | null;
  /** The first 120 characters of the text. */
  excerpt: string;
}

/** GET /api/v1/queries/:id */
export interface QueryView {
  id: number;
  key: string;
  kind: string;
  source: string;
  document: string;
  text: string;
  /** Null where the query's set has not been measured. */
  density: DensityView | null;
  shares: { corpus: ShareView[]; source: ShareView[]; document: ShareView[] };
  /** Nearest first. */
  neighbours: NeighbourView[];
  outcomes: OutcomeView[];
}

export interface DensityView {
  measurement: MeasurementView;
  log10Density: number | null;
  low: number | null;
  high: number | null;
  effectiveSamples: number;
  /** Share of the training points that were looked at. */
  touched: number;
}

export interface ShareView {
  corpus: string;
  label: string;
  share: number;
}

export interface NeighbourView {
  corpus: string;
  row: number;
  distance: number;
  share: number;
  source: string;
  document: string;
  meta: Record<string, unknown>;
  text: string;
}

export interface OutcomeView {
  run: string;
  /** nats, summed over the query's tokens */
  nll: number | null;
  tokens: number | null;
  loss: number | null;
  perplexity: number | null;
}

/** An error, as application/problem+json (RFC 9457). */
export interface ProblemView {
  /** Stable; `urn:densimeter:problem:` and a word for the kind of problem. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The parameter or header that was wrong, and what it held. */
  field?: string;
  value?: string;
}
