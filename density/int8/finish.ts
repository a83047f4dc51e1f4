import { group } from 'd3';
import type { DensityEstimate } from '../estimate.js';
import type { Kernel } from '../kernels.js';
import type { Int8Points } from './int8-points.js';
import type { Int8Sum } from './int8-sum.js';
import { distancesOf, type NearPoint } from './nearest.js';
import { type Rest, type RestError, type RoundingVariance, restError } from './rest.js';

interface FinishOptions {
  kernel: Kernel;
  bandwidth: number;
  variance: RoundingVariance;
  /** Points to name. */
  neighbours: number;
  /** Half the width of the 95 % interval of f, relative to f, that is still an answer. */
  relativeError: number;
}

/** Standard error of log f, nats, below which no more points are computed again. */
const ENOUGH = 2.5e-4;
/** Above this, nats, a log kernel is too uncertain for corrections of second order. */
const MOST_NOISE = 0.25;
/** A rest of this share of the sum may be as uncertain as it likes. */
const NEGLIGIBLE = 1e-4;
const Z95 = 1.959964;

/**
 * Makes estimates of sums over rounded products: the points that weigh most are computed again from the vectors themselves
 * until the rest is certain enough, the rest's bias is taken off, and its standard error stated.
 *
 * @param queries `(queries, dims)` row-major
 * @returns one a query, undefined where rounding leaves too much uncertain
 */
export function finish(
  queries: Float32Array,
  points: readonly Int8Points[],
  sums: readonly Int8Sum[],
  options: FinishOptions,
): (DensityEstimate | undefined)[] {
  const { kernel, bandwidth, variance, neighbours, relativeError } = options;
  const n = points.reduce((all, { rows }) => all + rows, 0);
  const errorOf = (rest: Rest): RestError => restError(rest, kernel, bandwidth, variance);
  const rests = sums.map(restOf);
  const wanted = sums.flatMap(({ nearest }, query) =>
    Array.from(nearest.labels.subarray(0, n - rests[query]!.points), (row) => ({ query, row })),
  );
  const near = group(distancesOf(queries, points, wanted), ({ query }) => query);
  return sums.map((sum, query) => estimate(sum, rests[query]!, near.get(query) ?? []));

  /** What is left when as many of the nearest points are taken away as have to be. */
  function restOf({ total, squares, logReference, nearest, leastLog, all }: Int8Sum): Rest {
    const rest = { points: n, total, squares, logReference, largest: nearest.values[0] ?? leastLog };
    for (let rank = 0; rank < nearest.size; rank++) {
      const { variance: left, noise } = errorOf(rest);
      if (!all && Math.sqrt(left) < ENOUGH * total && noise < MOST_NOISE) break;
      const k = Math.exp(nearest.values[rank]! - logReference);
      rest.points--;
      rest.total = Math.max(rest.total - k, 0);
      rest.squares = Math.max(rest.squares - k * k, 0);
      const isLast = rank + 1 === nearest.size;
      rest.largest = isLast ? Math.max(nearest.floor, leastLog) : nearest.values[rank + 1]!;
    }
    return rest;
  }

  function estimate(
    { logReference }: Int8Sum,
    rest: Rest,
    found: readonly NearPoint[],
  ): DensityEstimate | undefined {
    const error = errorOf(rest);
    const exact = found.map((point) => {
      return { ...point, k: Math.exp(kernel.log(point.distance, bandwidth) - logReference) };
    });
    const restTotal = rest.points > 0 ? rest.total / (1 + error.bias) : 0;
    const restSquares = rest.points > 0 ? rest.squares / (1 + error.bias) ** 2 : 0;
    const total = exact.reduce((sum, { k }) => sum + k, restTotal);
    const squares = exact.reduce((sum, { k }) => sum + k * k, restSquares);
    const standardError = Math.sqrt(error.variance) / total;
    const isClear = error.noise < MOST_NOISE || rest.total < NEGLIGIBLE * total;
    if (!(isClear && Z95 * standardError <= relativeError)) return undefined;
    const logDensity = logReference + Math.log(total / n);
    return {
      logDensity,
      standardError,
      interval: [logDensity - Z95 * standardError, logDensity + Z95 * standardError],
      effectiveSamples: total ** 2 / squares,
      touched: 1,
      sources: [],
      documents: [],
      neighbours: exact
        .sort((a, b) => a.distance - b.distance)
        .slice(0, neighbours)
        .map(({ corpusId, row, distance, k }) => ({ corpusId, row, distance, share: k / total })),
    };
  }
}
