import { TopList } from '../top-list.js';
import type { TileSums } from './int8-product.js';

/** Tiles whose nearest point holds less of a query's sum so far than this are not worth a second look. */
const LEAST_SHARE = 5e-4;

/** Where a log kernel exceeds the reference by this, nats, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;

/** The first tile's largest log kernel may be this, relative to the reference; float32 would leave little of smaller ones. */
const LEAST_FIRST = -30;

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  /** All kernels are below 1: a reference to begin with. */
  logReference = 0;
  total = 0;
  /** An estimate: of some tiles all squares, of the others the largest. */
  squares = 0;
  /** The tiles with the largest kernels, by their logs, nats. */
  readonly nearest: TopList;

  /**
   * @param always log kernels above this, nats, are among the nearest whatever they weigh
   * @param all all of the nearest are wanted
   */
  constructor(
    nearest: number,
    readonly always: number,
    readonly all: boolean,
  ) {
    this.nearest = new TopList(nearest);
  }

  /** No log kernel above this, nats, is in a tile that has been left out of `nearest`. */
  get floor(): number {
    const least = Math.log(LEAST_SHARE * this.total) + this.logReference;
    return Math.max(this.nearest.floor, this.all ? Number.NEGATIVE_INFINITY : Math.min(least, this.always));
  }

  /**
   * Where kernels of a tile are too large for float32, or those of the first tile too small: takes the largest as the reference, and
   * the tile is to be run again.
   */
  moveReference({ maxima }: TileSums, query: number): boolean {
    const largest = maxima[query]!;
    const isFirst = this.total === 0;
    if (largest < OVERFLOW && !(isFirst && largest < LEAST_FIRST)) return false;
    const factor = isFirst ? 0 : Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    this.logReference += largest;
    return true;
  }

  /**
   * Adds the sums of a tile.
   *
   * @param query the query's number in them
   * @param squareWeight how many tiles the squares stand for, that of the largest kernel apart
   */
  addTile({ totals, squares, maxima }: TileSums, query: number, tile: number, squareWeight: number): void {
    this.total += totals[query]!;
    const square = Math.exp(2 * maxima[query]!);
    this.squares += square;
    if (squares) this.squares += squareWeight * Math.max(squares[query]! - square, 0);
    const largest = maxima[query]! + this.logReference;
    if (largest > this.nearest.floor && largest > this.floor) this.nearest.offer(largest, tile);
  }
}
