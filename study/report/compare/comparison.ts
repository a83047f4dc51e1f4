import type { Estimate } from '../report.js';

/** How a mean over the same queries differs from that of another report. */
export interface Moved {
  /** `log10 density` or `loss`. */
  what: 'log10 density' | 'loss';
  /** All queries, those of a kind, or those of a source. */
  group: string;
  queries: number;
  before: number;
  after: number;
  /** After less before, with errors by group; its p is Benjamini and Hochberg's for all rows. */
  change: Estimate;
}

/** A number of the whole report against the same of another. */
export interface MovedHeadline {
  what: string;
  before: number;
  after: number;
  change: number;
  /** As if the two were independent, which is wider than for two of the same queries; null where one has no interval. */
  low: number | null;
  high: number | null;
}

/** A query whose number moved much. */
export interface MovedQuery {
  key: string;
  kind: string;
  source: string;
  excerpt: string;
  before: number;
  after: number;
}

/** What moved against another report. */
export interface Comparison {
  against: { name: string; study: string; made: string; run: string; corpora: string[]; points: number };
  /** Queries in both; only in this one; only in the other: those have no outcome there. */
  queries: { both: number; added: number; gone: number };
  moved: Moved[];
  headline: MovedHeadline[];
  mostMoved: { density: MovedQuery[]; loss: MovedQuery[] };
  /** Sources by how much their mean share of the density changed, most first. */
  sources: { source: string; before: number; after: number }[];
  /** Runs in both, by how much their slope changed; and names of those in one only. */
  runs: { both: { run: string; before: number; after: number }[]; added: string[]; gone: string[] };
}
