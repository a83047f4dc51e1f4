import { TopList } from '../top-list.js';
import type { TileSums } from './int8-product.js';

/** Spans whose nearest point holds less of a query's sum so far than this are not worth a second look. */
const LEAST_SHARE = 5e-4;

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  total = 0;
  squares = 0;
  /** The spans with the largest kernels, by their logs, nats; spans are counted over all tiles. */
  readonly nearest: TopList;

  /** @param all keeps the nearest whatever they weigh */
  constructor(
    public logReference: number,
    nearest: number,
    readonly all: boolean,
  ) {
    this.nearest = new TopList(nearest);
  }

  /** No log kernel above this, nats, is in a span that has been left out of `nearest`. */
  get floor(): number {
    const least = this.all
      ? Number.NEGATIVE_INFINITY
      : Math.log(LEAST_SHARE * this.total) + this.logReference;
    return Math.max(this.nearest.floor, least);
  }

  /** Where kernels of a tile are too large for float32: takes the largest as the reference, the tile is to be run again. */
  moveReference({ squares, totals, maxima }: TileSums, query: number): boolean {
    if (Number.isFinite(squares[query])) return false;
    const spans = maxima.length / totals.length;
    const largest = maxima.subarray(query * spans, (query + 1) * spans).reduce((a, b) => Math.max(a, b));
    const factor = Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    this.logReference += largest;
    return true;
  }

  /**
   * Adds a tile's sums.
   *
   * @param query the query's row in them
   * @param firstSpan the number of the tile's first span
   */
  addTile({ totals, squares, maxima }: TileSums, query: number, firstSpan: number): void {
    this.total += totals[query]!;
    this.squares += squares[query]!;
    const spans = maxima.length / totals.length;
    const floor = this.floor - this.logReference;
    for (let span = 0; span < spans; span++) {
      const largest = maxima[query * spans + span]!;
      if (largest > floor) this.nearest.offer(largest + this.logReference, firstSpan + span);
    }
  }
}
