import { ascending, group, sum } from 'd3';
import { changesWithout } from './leave-one-out.js';
import type { MeasuredSet, SupportedQuery, TrainingSource } from './measured-set.js';
import { medianOf, quantileOf } from './quantile.js';
import { type SubjectField, subjectOf } from './subjects.js';
import { type Weighing, weightsOf } from './weights.js';

/** What a group of queries rests on. */
export interface Support {
  queries: number;
  /** Quartiles over the queries. */
  log10Density: { q1: number; median: number; q3: number };
  /** `(sources)`: mean share of the density by source, in the order of the matrix's sources. */
  shares: number[];
  /** Mean share of all other sources together. */
  others: number;
  /** `(sources)`: median over the queries of what log10 density would change by without the source; −∞ for nothing left. */
  without: number[];
}

/** Which sources support which subjects. */
export interface CoverageMatrix {
  /** Columns, by their share of all queries, largest first. */
  sources: TrainingSource[];
  /** The sources without a column. */
  others: { sources: number; points: number };
  all: Support;
  /** Rows, the least supported (by median density) first. */
  subjects: ({ subject: string } & Support)[];
}

/** What the matrix is of. */
export interface MatrixOptions {
  by: SubjectField;
  weigh: Weighing;
  /** Most sources that get a column. */
  sources: number;
}

/** The matrix of subjects and sources of a measured query set, which has at least one query. */
export function coverageMatrix(
  { queries, sources, measurement }: MeasuredSet,
  { by, weigh, sources: limit }: MatrixOptions,
): CoverageMatrix {
  const points = sources.map((source) => source.points);
  const overall = meanShares(queries, weigh);
  const columns = sources.map((_, s) => s).sort((a, b) => overall[b]! - overall[a]!);
  const [shown, folded] = [columns.slice(0, limit), columns.slice(limit)];
  const changes = new Map(
    queries.map((query) => [query, changesWithout(query.shares, points, measurement.points)]),
  );

  const supportOf = (members: readonly SupportedQuery[]): Support => {
    const densities = Float64Array.from(members, ({ log10Density }) => log10Density).sort();
    const shares = meanShares(members, weigh);
    return {
      queries: members.length,
      log10Density: {
        q1: quantileOf(densities, 0.25),
        median: quantileOf(densities, 0.5),
        q3: quantileOf(densities, 0.75),
      },
      shares: shown.map((s) => shares[s]!),
      others: sum(folded, (s) => shares[s]!),
      without: shown.map((s) => medianOf(members.map((query) => changes.get(query)![s]!))),
    };
  };

  return {
    sources: shown.map((s) => sources[s]!),
    others: { sources: folded.length, points: sum(folded, (s) => points[s]!) },
    all: supportOf(queries),
    subjects: Array.from(
      group(queries, (query) => subjectOf(query, by)),
      ([subject, members]) => ({ subject, ...supportOf(members) }),
    ).sort(
      (a, b) => ascending(a.log10Density.median, b.log10Density.median) || ascending(a.subject, b.subject),
    ),
  };
}

/** `(sources)`: the mean shares of queries. */
function meanShares(queries: readonly SupportedQuery[], weigh: Weighing): Float64Array {
  const weights = weightsOf(
    queries.map(({ log10Density }) => log10Density),
    weigh,
  );
  const mean = new Float64Array(queries[0]!.shares.length);
  for (const [q, { shares }] of queries.entries()) {
    for (let s = 0; s < mean.length; s++) mean[s]! += weights[q]! * shares[s]!;
  }
  return mean;
}
