/** How a value is held against a limit. */
export type Comparator = '<' | '<=' | '>' | '>=';

/** A number of the whole report, by its name. */
export const REPORT_NUMBERS = [
  'r2',
  'r2_out',
  'gain',
  'slope',
  'partial_r2',
  'leaked',
  'mean_loss',
  'queries',
] as const;
export type ReportNumber = (typeof REPORT_NUMBERS)[number];

/** How the values of queries are made one. */
export const AGGREGATES = ['mean', 'median', 'min', 'max'] as const;
export type Aggregate = (typeof AGGREGATES)[number] | `p${number}`;

/** A number of every query: its log10 density, its loss, or the share of its density that a corpus, source or role holds. */
export type QueryNumber = { of: 'log10_density' | 'loss' } | { of: 'share'; name: string };

/** Which queries: those whose kind and subject (source) are these. */
export interface Filter {
  kind?: string;
  subject?: string;
}

/** A number of the report: its own, or an aggregate over its queries; or how far it moved against the baseline. */
export type Quantity =
  | { number: ReportNumber }
  | { aggregate: Aggregate; query: QueryNumber; filter: Filter }
  | { delta: Quantity };

/** What must not be: a number beyond a limit, or too many queries whose number is beyond one. */
export type Rule =
  | { text: string; quantity: Quantity; comparator: Comparator; limit: number }
  | {
      text: string;
      query: QueryNumber;
      comparator: Comparator;
      limit: number;
      filter: Filter;
      /** Fails where the share of such queries is beyond this. */
      on: { comparator: Comparator; share: number };
    };
