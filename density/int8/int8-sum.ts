import { SPAN } from '../tile-kernel.js';
import { TopList } from '../top-list.js';
import type { Int8Values } from './int8-product.js';
import type { QuantisedTile } from './quantised-tile.js';

/** A point that holds less of a query's sum so far than this is not worth a second look. */
const LEAST_SHARE = 0.002;

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  total = 0;
  squares = 0;
  /** The points that weigh most, by their log kernels, nats; labels are rows counted over all corpora. */
  readonly nearest: TopList;

  /** @param all keeps the nearest points whatever they weigh */
  constructor(
    public logReference: number,
    nearest: number,
    readonly all: boolean,
  ) {
    this.nearest = new TopList(nearest);
  }

  /** No kernel above this, log in nats, has been left out of `nearest` for weighing little. */
  get leastLog(): number {
    return this.all ? Number.NEGATIVE_INFINITY : Math.log(LEAST_SHARE * this.total) + this.logReference;
  }

  /** Where kernels of a tile are too large for float32: takes the largest as the reference, the tile is to be run again. */
  moveReference(values: Int8Values, query: number): boolean {
    if (Number.isFinite(values.squares[query])) return false;
    const spans = values.maxima.length / values.totals.length;
    const largest = values.maxima
      .subarray(query * spans, (query + 1) * spans)
      .reduce((a, b) => Math.max(a, b));
    const factor = Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    this.logReference += largest;
    return true;
  }

  /**
   * Adds a tile's values.
   *
   * @param query the query's row in `values`
   * @param corpusStart the number of the corpus's first row, counted over all corpora
   */
  addTile(values: Int8Values, query: number, tile: QuantisedTile, corpusStart: number): void {
    this.total += values.totals[query]!;
    this.squares += values.squares[query]!;
    const { nearest, logReference, leastLog } = this;
    const spans = tile.columns / SPAN;
    for (let span = 0; span < spans; span++) {
      const floor = Math.max(nearest.floor, leastLog) - logReference;
      if (values.maxima[query * spans + span]! <= floor) continue;
      const end = Math.min((span + 1) * SPAN, tile.filled);
      for (let column = span * SPAN; column < end; column++) {
        const log = values.logs[query * tile.columns + column]!;
        if (log > floor) nearest.offer(log + logReference, corpusStart + tile.rows[column]!);
      }
    }
  }
}
