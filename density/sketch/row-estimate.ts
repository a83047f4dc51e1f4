import { mean, median } from 'd3';

/** How a query's rows become one number. */
export interface QueryOptions {
  /**
   * The median of the means of this many groups of rows, as in the paper, which guards against a few rows that are far
   * out but is no longer unbiased; default 1, the mean of all rows.
   */
  groups?: number;
}

/** The density of one query as a sketch sees it. */
export interface SketchEstimate {
  /** Estimate of f = (1/n) Σ K(q, x), K the angular kernel; 0 where no row has a vector in the query's bucket. */
  density: number;
  /** Standard error of the density, from the scatter of the rows. */
  standardError: number;
  /** 95% interval of the density. */
  interval: [number, number];
}

/** The 97.5% point of the standard normal distribution. */
const Z = 1.959964;
const TAIL = 0.025;

/**
 * The density from what every row estimates by itself.
 *
 * The rows are independent draws with the density as their mean, so the standard error is s/√rows; of a median of means
 * √(π/2) times that. The interval is symmetric in log f, for the scatter of rows is skewed: a density that comes out too
 * small has too small an error beside it.
 *
 * Where no row has anything the scatter is 0 and only a bound is known: a row's share lies in [0, 1] with mean f, so it
 * is above 0 with a chance of at least f, and all rows are 0 with one of at most (1 − f)^rows. Likewise where all are 1.
 *
 * @param shares count/n of the query's bucket in every row
 * @throws RangeError where there are more groups than rows
 */
export function estimateFromRows(shares: Float64Array, { groups = 1 }: QueryOptions): SketchEstimate {
  const rows = shares.length;
  if (!(Number.isInteger(groups) && groups >= 1 && groups <= rows)) {
    throw new RangeError(`There must be 1 to ${rows} groups of rows, not ${groups}.`);
  }
  const average = mean(shares)!;
  const variance = shares.reduce((sum, share) => sum + (share - average) ** 2, 0) / (rows - 1);
  const deviation = Math.sqrt(variance / rows);
  const density = groups === 1 ? average : medianOfMeans(shares, groups);
  const standardError = groups === 1 ? deviation : Math.sqrt(Math.PI / 2) * deviation;
  if (average === 0) return { density, standardError, interval: [0, 1 - TAIL ** (1 / rows)] };
  if (average === 1) return { density, standardError, interval: [TAIL ** (1 / rows), 1] };
  // Of a median of means that is 0 nothing but the bound around the mean is known.
  const centre = density > 0 ? density : average;
  const factor = Math.exp((Z * standardError) / centre);
  return { density, standardError, interval: [density / factor, Math.min(1, centre * factor)] };
}

function medianOfMeans(shares: Float64Array, groups: number): number {
  const edge = (group: number) => Math.floor((group * shares.length) / groups);
  return median(Array.from({ length: groups }, (_, g) => mean(shares.subarray(edge(g), edge(g + 1)))!))!;
}
