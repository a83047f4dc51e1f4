import { TopList } from '../top-list.js';
import type { TileSums } from './int8-product.js';
import type { NearPoint } from './near-points.js';
import type { QuantisedTile } from './quantised-tile.js';

/** Tiles whose nearest point holds less of a query's sum so far than this are not worth a second look. */
const LEAST_SHARE = 5e-4;
/** Where a log kernel exceeds the reference by this, nats, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;
/** The first tile's largest log kernel may be this, relative to the reference; float32 would leave little of smaller ones. */
const LEAST_FIRST = -30;
/** A query with more points that are kept apart is given up. */
const MOST_APART = 4000;

/** A tile with its index and its corpus's first row, both counted over all corpora. */
interface PlacedTile {
  tile: QuantisedTile;
  index: number;
  corpusStart: number;
}

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  /** All kernels are below 1: a reference to begin with. */
  logReference = 0;
  total = 0;
  squares = 0;
  /** Points that are not in the sum, as rounding leaves too little of their kernels. */
  readonly apart: NearPoint[] = [];
  /** The tiles with the largest kernels in the sum, by their logs, nats. */
  readonly nearest: TopList;

  /**
   * @param query its number
   * @param apartAbove points with log kernels above this, nats, are kept apart
   * @param all all of the nearest are wanted, whatever they weigh
   */
  constructor(
    readonly query: number,
    nearest: number,
    readonly apartAbove: number,
    readonly all: boolean,
  ) {
    this.nearest = new TopList(nearest);
  }

  /** No log kernel above this, nats, is in a tile that has been left out of `nearest`. */
  get floor(): number {
    const least = Math.log(LEAST_SHARE * this.total) + this.logReference;
    return Math.max(this.nearest.floor, this.all ? Number.NEGATIVE_INFINITY : least);
  }

  /** Whether there are more points to keep apart than are worth it. */
  get isGivenUp(): boolean {
    return this.apart.length > MOST_APART;
  }

  /** Whether a tile has points to keep apart, or a squared distance that rounding made negative: it is for `addApart`. */
  isUnclear({ totals, maxima }: TileSums): boolean {
    const { query } = this;
    return Number.isNaN(totals[query]) || maxima[query]! + this.logReference > this.apartAbove;
  }

  /** Where kernels of a tile are too large for float32, or those of the first tile too small: moves the reference, and the tile is to be run again. */
  moveReference({ maxima }: TileSums): boolean {
    return this.#moveReference(maxima[this.query]!);
  }

  /** Adds the sums of a tile. */
  addTile({ totals, squares, maxima }: TileSums, tile: number): void {
    const { query } = this;
    this.total += totals[query]!;
    this.squares += squares[query]!;
    this.#offer(maxima[query]! + this.logReference, tile);
  }

  /**
   * Adds a tile point by point.
   *
   * @param logs `(columns)`, nats
   */
  addApart(logs: Float32Array, { tile, index, corpusStart }: PlacedTile): void {
    const { query, apartAbove } = this;
    let largest = Number.NEGATIVE_INFINITY;
    for (let column = 0; column < tile.filled; column++) {
      const log = logs[column]!;
      if (log <= apartAbove) largest = Math.max(largest, log);
      else this.apart.push({ query, row: corpusStart + tile.rows[column]!, log });
    }
    if (largest === Number.NEGATIVE_INFINITY) return;
    this.#moveReference(largest - this.logReference);
    for (let column = 0; column < tile.filled; column++) {
      if (logs[column]! > apartAbove) continue;
      const kernel = Math.exp(logs[column]! - this.logReference);
      this.total += kernel;
      this.squares += kernel * kernel;
    }
    this.#offer(largest, index);
  }

  #offer(largest: number, tile: number): void {
    if (largest > this.nearest.floor && largest > this.floor) this.nearest.offer(largest, tile);
  }

  #moveReference(largest: number): boolean {
    const isFirst = this.total === 0;
    if (largest < OVERFLOW && !(isFirst && largest < LEAST_FIRST)) return false;
    const factor = isFirst ? 0 : Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    this.logReference += largest;
    return true;
  }
}
