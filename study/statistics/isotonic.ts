import { quantileSorted, randomLcg } from 'd3';
import { requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';

/** A monotone curve at one value of x. */
export interface IsotonicPoint {
  x: number;
  /** The fitted y, and its pointwise interval over resampled rows. */
  fitted: number;
  low: number;
  high: number;
  /** Rows with this x. */
  rows: number;
}

/** How a monotone curve is fitted. */
export interface IsotonicOptions {
  direction: 'increasing' | 'decreasing';
  /** Resamples behind the band; 999 unless said otherwise. */
  resamples?: number;
  level?: number;
  seed: number;
}

/**
 * The monotone function of x (n) nearest to y (n) in least squares, by pooling adjacent violators (Ayer et al. 1955), one point for each
 * distinct x, with a pointwise percentile band over rows drawn again with replacement. The band is too narrow where the curve is flat.
 * Throws RangeError for values that are not finite, different lengths or no rows.
 */
export function isotonic(x: Values, y: Values, options: IsotonicOptions): IsotonicPoint[] {
  const { direction, resamples = 999, level = 0.95, seed } = options;
  requireLevel(level);
  requireFinite('x', x);
  requireFinite('y', y);
  requireSameLength('x', x, 'y', y);
  if (x.length === 0) throw new RangeError('there are no rows to fit');
  const sign = direction === 'increasing' ? 1 : -1;
  const order = Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const places: number[] = [];
  const xs: number[] = [];
  for (const i of order) {
    if (xs.length === 0 || x[i] !== xs.at(-1)) xs.push(x[i]!);
    places.push(xs.length - 1);
  }
  const values = order.map((i) => sign * y[i]!);
  const fitRows = (rows: Iterable<number>) => {
    const [sums, counts] = [new Float64Array(xs.length), new Float64Array(xs.length)];
    for (const row of rows) {
      sums[places[row]!]! += values[row]!;
      counts[places[row]!]!++;
    }
    return pool(sums, counts);
  };
  const fitted = fitRows(order.keys());
  const random = randomLcg(seed);
  const draws = Array.from({ length: resamples }, () =>
    fitRows(order.map(() => Math.floor(random() * order.length))),
  );
  const tail = (1 - level) / 2;
  const counts = new Uint32Array(xs.length);
  for (const place of places) counts[place]!++;
  return xs.map((at, place) => {
    const sorted = draws.map((draw) => draw[place]!).sort((a, b) => a - b);
    const edges = [quantileSorted(sorted, tail)!, quantileSorted(sorted, 1 - tail)!].map(
      (value) => sign * value,
    );
    return {
      ...{ x: at, fitted: sign * fitted[place]!, rows: counts[place]! },
      ...{ low: Math.min(...edges), high: Math.max(...edges) },
    };
  });
}

/** The increasing means of weighted places; places without weight take the value of the next block, or behind the last one its value. */
function pool(sums: Float64Array, counts: Float64Array): Float64Array {
  const blocks: { sum: number; count: number; last: number }[] = [];
  for (let place = 0; place < sums.length; place++) {
    if (counts[place] === 0) continue;
    const block = { sum: sums[place]!, count: counts[place]!, last: place };
    for (;;) {
      const before = blocks.at(-1);
      if (!before || before.sum / before.count < block.sum / block.count) break;
      block.sum += before.sum;
      block.count += before.count;
      blocks.pop();
    }
    blocks.push(block);
  }
  const fitted = new Float64Array(sums.length);
  let at = 0;
  for (const [b, { sum, count, last }] of blocks.entries()) {
    const end = b + 1 < blocks.length ? last : sums.length - 1;
    fitted.fill(sum / count, at, end + 1);
    at = end + 1;
  }
  return fitted;
}
