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
  /** How the estimator was chosen. */
  estimatorRule: string;
  /** Half the width of the 95 % interval, relative to the density, that was asked for. */
  relativeError: number | null;
  /** Share of the training points that could be looked at, per query. */
  budget: number | null;
  seed: number;
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
  /** Density against bandwidth, with the measurement's kernel, smallest bandwidth first; empty where it was not swept. */
  curve: BandwidthDensityView[];
  /** What the nearest points hold of the density; empty where that was not measured. */
  topShares: TopShareView[];
  /** What other measures say: `nearest distance` and `knn log10 density`; empty where no neighbours were kept. */
  controls: Record<string, number | null>;
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
  /** Of the share; 0 where it is exact. */
  standardError: number;
}

/** The share of a density that the nearest points hold. */
export interface TopShareView {
  /** A number of points, or below 1 a share of all. */
  top: number;
  k: number;
  share: number;
  low: number;
  high: number;
}

export interface BandwidthDensityView {
  bandwidth: number;
  log10Density: number | null;
  /** log10 density is off by at most this; null where nothing can be promised. */
  errorBound: number | null;
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

/** GET /api/v1/measurements/:id/coverage?by=&weigh=: which sources support which subjects of a query set. */
export interface CoverageView {
  measurement: MeasurementView;
  querySet: string;
  /** The field of a query that is its subject. */
  by: 'kind' | 'subject' | 'source' | 'document';
  /** What a mean share is: `queries`, of the queries' shares; `density`, the share of their summed density. */
  weigh: 'queries' | 'density';
  matrix: {
    /** Columns, largest share of all queries first. */
    sources: { corpus: string; source: string; points: number }[];
    /** The sources without a column. */
    others: { sources: number; points: number };
    all: SupportView;
    /** Rows, the least supported first. */
    subjects: ({ subject: string } & SupportView)[];
  };
  /** The least supported first. */
  leastSupported: LeastSupportedView[];
  documents: {
    /** Different documents that were kept for any query, and what they hold in all. */
    kept: number;
    share: number;
    /** Largest share first; a share is at least this, for only the first few documents of every query were kept. */
    top: SupportingDocumentView[];
  };
}

export interface SupportView {
  queries: number;
  log10Density: { q1: number | null; median: number | null; q3: number | null };
  /** One a column. */
  shares: number[];
  /** Of all sources without a column. */
  others: number;
  /** One a column: the median of what log10 density would change by without the source; null where nothing is left. */
  without: (number | null)[];
}

export interface LeastSupportedView {
  id: number;
  key: string;
  subject: string;
  text: string;
  log10Density: number | null;
  /** Share of the sampled training points that are less dense; null without a calibration at this bandwidth. */
  percentile: number | null;
  topSource: { corpus: string; source: string; share: number };
  nearest: { corpus: string; source: string; document: string; text: string; distance: number } | null;
}

export interface SupportingDocumentView {
  corpus: string;
  document: string;
  share: number;
  cumulative: number;
  /** Queries that it was kept for, and of which it holds more than any other document. */
  queries: number;
  leads: number;
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
