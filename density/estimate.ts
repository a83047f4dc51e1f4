/** The density of one query, with what it rests on. */
export interface DensityEstimate {
  /** log f in nats, f = (1/n) Σ K(‖q − x‖). */
  logDensity: number;
  /** Standard error of log f, nats; 0 for the exact estimator. */
  standardError: number;
  /** 95 % confidence interval of log f, nats; both ends are log f for the exact estimator. */
  interval: readonly [low: number, high: number];
  /** Effective number of supporting points, (Σk)²/Σk². */
  effectiveSamples: number;
  /** Share of the points that were looked at. */
  touched: number;
  /** Shares of the density by source, largest first, with their standard errors; they sum to 1. */
  sources: { corpus: string; source: string; share: number; standardError: number }[];
  /** The documents that hold most of the density. */
  documents: { corpus: string; document: string; share: number }[];
  /** The nearest points, nearest first. */
  neighbours: { corpusId: number; row: number; distance: number; share: number }[];
}

/** The part of an estimate that says that all points were summed. */
export function exactly(logDensity: number) {
  return { logDensity, standardError: 0, interval: [logDensity, logDensity], touched: 1 } as const;
}

/** log f in nats as log10 f. */
export function log10Of(logDensity: number): number {
  return logDensity / Math.LN10;
}
