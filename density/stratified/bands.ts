import { quantile } from 'd3';
import type { Band } from './allocation.js';
import { type StrataFields, StratumSums } from './stratum-sums.js';

/** A band's variance is that of at least this many rows; bands of fewer are joined to their neighbours. */
const LEAST_ROWS = 12;

/** What is predicted weighs as much as so many rows when its scatter is corrected by those of all queries. */
const AS_PREDICTED = 32;
/** Predictions that are off by more than this, nats of variance, are of a bandwidth that no tile's mean can tell anything about. */
const MOST_SCATTER = 40;

/** A query's scatter counts up to so many nats above that of nine tenths of all: one that met a near copy would make all others doubt. */
const USUAL = 0.9;
const MOST_ABOVE = 12;

/** Sums over the bands of a query that have nothing yet. */
export function emptyBands(bands: readonly Band[], least: number, bySource: boolean): StratumSums {
  return new StratumSums(
    Float64Array.from(bands, ({ points }) => points),
    Float64Array.from(bands, ({ predicted }) => predicted + least),
    bySource,
  );
}

/**
 * The sums of all workers over the same strata.
 *
 * @param scatter of the strata, by which predictions are corrected
 */
export function together(parts: readonly StrataFields[], scatter?: Float64Array): StratumSums {
  const { sizes, sources } = parts[0]!;
  const predicted = parts[0]!.predicted.map((log, stratum) => log + Math.log(scatter?.[stratum] ?? 1) / 2);
  const sums = new StratumSums(sizes.slice(), predicted, sources !== undefined);
  for (const part of parts)
    for (let stratum = 0; stratum < sizes.length; stratum++) sums.addStratum(stratum, part, stratum);
  return sums;
}

/**
 * How much more the kernels of a band scatter than was predicted, as a ratio of variances: the mean over all queries, as a single one may
 * by chance have met none of the few points that the scatter comes from.
 *
 * @param queries the sums of each, over the same bands
 */
export function scatterOf(queries: readonly StrataFields[]): Float64Array {
  const bands = Math.max(0, ...queries.map(({ rows }) => rows.length));
  return Float64Array.from({ length: bands }, (_, band) => {
    const seen = queries.flatMap(({ rows, logs, totals, squares, predicted }) => {
      const m = rows[band] ?? 0;
      if (m < 2) return [];
      const variance = Math.max(0, squares[band]! - totals[band]! ** 2 / m) / (m - 1);
      return [{ weight: m - 1, scatter: Math.log(variance) + 2 * (logs[band]! - predicted[band]!) }];
    });
    // Kernels that do not scatter at all have a log of −∞, between which there is nothing to interpolate.
    const usual = quantile(seen, USUAL, ({ scatter }) => Math.max(0, scatter)) ?? 0;
    const most = Math.min(MOST_SCATTER, usual + MOST_ABOVE);
    let [sum, weight] = [AS_PREDICTED, AS_PREDICTED];
    for (const one of seen) {
      sum += one.weight * Math.exp(Math.min(one.scatter, most));
      weight += one.weight;
    }
    return sum / weight;
  });
}

/**
 * Sums as they can be estimated from (post-stratification: given how many rows were drawn of a band, these are a random sample of it): bands
 * of one rate are joined until each has enough rows, from the nearest on; a rest that has not is joined to the last that has.
 *
 * @param rates of the bands
 */
export function joinBands(sums: StratumSums, rates: readonly number[]): StratumSums {
  const groups = [...new Set(rates)].flatMap((rate) =>
    groupsOf(
      sums,
      rates.flatMap((of, band) => (of === rate && sums.sizes[band]! > 0 ? [band] : [])),
    ),
  );
  const joined = new StratumSums(
    Float64Array.from(groups, (group) => pointsOf(group, sums)),
    Float64Array.from(groups, (group) => predictedOf(group, sums)),
    sums.sources !== undefined,
  );
  groups.forEach((group, at) => {
    for (const band of group) joined.addStratum(at, sums, band);
  });
  return joined;
}

function groupsOf({ rows: rowsOf }: StratumSums, bands: readonly number[]): number[][] {
  const groups: number[][] = [];
  let [group, rows]: [number[], number] = [[], 0];
  for (const band of bands) {
    group.push(band);
    rows += rowsOf[band]!;
    if (rows < LEAST_ROWS) continue;
    groups.push(group);
    [group, rows] = [[], 0];
  }
  if (groups.length > 0) groups.at(-1)!.push(...group);
  else if (group.length > 0) groups.push(group);
  return groups;
}

function pointsOf(bands: readonly number[], { sizes }: StratumSums): number {
  return bands.reduce((sum, band) => sum + sizes[band]!, 0);
}

/** log √E[K²] over the points of some bands, as predicted. */
function predictedOf(bands: readonly number[], sums: StratumSums): number {
  const { sizes, predicted } = sums;
  const largest = Math.max(...bands.map((band) => predicted[band]!));
  const squares = bands.reduce(
    (sum, band) => sum + sizes[band]! * Math.exp(2 * (predicted[band]! - largest)),
    0,
  );
  return largest + Math.log(squares / pointsOf(bands, sums)) / 2;
}
