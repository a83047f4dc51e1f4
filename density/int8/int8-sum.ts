import { TopList } from '../top-list.js';
import type { TileSums } from './int8-product.js';

/** Tiles whose nearest point holds less of a query's sum so far than this are not worth a second look. */
const LEAST_SHARE = 5e-4;

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  total = 0;
  squares = 0;
  /** The tiles with the largest kernels, by their logs, nats. */
  readonly nearest: TopList;

  /**
   * @param always log kernels above this, nats, are among the nearest whatever they weigh
   * @param all all of the nearest are wanted
   */
  constructor(
    public logReference: number,
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

  /** Where kernels of a tile are too large for float32: takes the largest as the reference, the tile is to be run again. */
  moveReference({ squares, maxima }: TileSums, query: number): boolean {
    if (Number.isFinite(squares[query])) return false;
    const largest = maxima[query]!;
    const factor = Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    this.logReference += largest;
    return true;
  }

  /**
   * Adds the sums of a tile.
   *
   * @param query the query's number in them
   */
  addTile({ totals, squares, maxima }: TileSums, query: number, tile: number): void {
    this.total += totals[query]!;
    this.squares += squares[query]!;
    const largest = maxima[query]! + this.logReference;
    if (largest > this.nearest.floor && largest > this.floor) this.nearest.offer(largest, tile);
  }
}
