import { TopList } from '../top-list.js';
import type { TileSums } from './int8-product.js';
import type { NearPoint } from './near-points.js';
import type { QuantisedTile } from './quantised-tile.js';
import { TILE_BLOCKS } from './stretch.js';

/** Blocks whose nearest point holds less of a query's sum so far than this are not worth a second look. */
const LEAST_SHARE = 5e-4;
/** Where a log kernel exceeds the reference by this, nats, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;
/** The first tile's largest log kernel may be this, relative to the reference; float32 would leave little of smaller ones. */
const LEAST_FIRST = -30;

/** A query with more points that are kept apart is given up: all points in float32 cost less. */
const MOST_APART = 4000;

/** A tile with its index and its corpus's first row, both counted over all corpora. */
interface PlacedTile {
  tile: QuantisedTile;
  index: number;
  corpusStart: number;
  sourceOfRow: Int32Array | undefined;
}

/** A query's kernel sum over quantised points, relative to exp(`logReference`). */
export class Int8Sum {
  /** All kernels are below 1: a reference to begin with. */
  logReference = 0;
  total = 0;
  squares = 0;
  /** The part of the total that lies on each source, where shares are asked for. */
  readonly bySource: Float64Array;
  /** Points that are not in the sum, as rounding leaves too little of their kernels. */
  readonly apart: NearPoint[] = [];
  /** The blocks of all tiles with the largest kernels in the sum, by their logs, nats. */
  readonly nearest: TopList;

  /**
   * @param query its number
   * @param apartAbove points with log kernels above this, nats, are kept apart
   * @param atLeast so many of the nearest blocks are looked into again, whatever they weigh
   * @param limits blocks to keep, and how many sources there are, 0 where no shares are asked for
   */
  constructor(
    readonly query: number,
    readonly apartAbove: number,
    readonly atLeast: number,
    limits: { nearest: number; sources: number },
  ) {
    this.nearest = new TopList(limits.nearest);
    this.bySource = new Float64Array(limits.sources);
  }

  /** No log kernel above this, nats, is in a block that has been left out of `nearest`. */
  get floor(): number {
    const least = Math.log(LEAST_SHARE * this.total) + this.logReference;
    return Math.max(this.nearest.floor, this.atLeast > 0 ? Number.NEGATIVE_INFINITY : least);
  }

  /** Whether there are more points to keep apart than are worth it. */
  get isGivenUp(): boolean {
    return this.apart.length > MOST_APART;
  }

  /** Whether a tile has points to keep apart, or a squared distance that rounding made negative: it is for `addApart`. */
  isUnclear(values: TileSums): boolean {
    const { query } = this;
    const { totals } = values;
    return Number.isNaN(totals[query]) || largestOf(values, query) + this.logReference > this.apartAbove;
  }

  /** Where kernels of a tile are too large for float32, or those of the first tile too small: moves the reference, and the tile is to be run again. */
  moveReference(values: TileSums): boolean {
    return this.#moveReference(largestOf(values, this.query));
  }

  /** Adds the sums of a tile. */
  addTile({ totals, squares, maxima, bySource }: TileSums, tile: number): void {
    const { query } = this;
    const sources = this.bySource.length;
    this.total += totals[query]!;
    this.squares += squares[query]!;
    for (let s = 0; s < sources; s++) this.bySource[s]! += bySource[query * sources + s]!;
    const { floor, logReference } = this;
    for (let block = 0; block < TILE_BLOCKS; block++) {
      const log = maxima[query * TILE_BLOCKS + block]! + logReference;
      if (log > floor) this.nearest.offer(log, tile * TILE_BLOCKS + block);
    }
  }

  /**
   * Adds a tile point by point.
   *
   * @param logs `(columns)`, nats
   */
  addApart(logs: Float32Array, { tile, index, corpusStart, sourceOfRow }: PlacedTile): void {
    const { query, apartAbove } = this;
    const width = tile.columns / TILE_BLOCKS;
    const largest = Array.from({ length: TILE_BLOCKS }, (_, block) => {
      let most = Number.NEGATIVE_INFINITY;
      const end = Math.min(tile.filled, (block + 1) * width);
      for (let column = block * width; column < end; column++) {
        const log = logs[column]!;
        if (log <= apartAbove) most = Math.max(most, log);
        else this.apart.push({ query, row: corpusStart + tile.rows[column]!, log });
      }
      return most;
    });
    const most = Math.max(...largest);
    if (most === Number.NEGATIVE_INFINITY) return;
    this.#moveReference(most - this.logReference);
    for (let column = 0; column < tile.filled; column++) {
      if (logs[column]! > apartAbove) continue;
      const kernel = Math.exp(logs[column]! - this.logReference);
      this.total += kernel;
      this.squares += kernel * kernel;
      if (sourceOfRow) this.bySource[sourceOfRow[tile.rows[column]!]!]! += kernel;
    }
    const { floor } = this;
    for (const [block, log] of largest.entries())
      if (log > floor) this.nearest.offer(log, index * TILE_BLOCKS + block);
  }

  #moveReference(largest: number): boolean {
    const isFirst = this.total === 0;
    if (largest < OVERFLOW && !(isFirst && largest < LEAST_FIRST)) return false;
    const factor = isFirst ? 0 : Math.exp(-largest);
    this.total *= factor;
    this.squares *= factor * factor;
    for (let s = 0; s < this.bySource.length; s++) this.bySource[s]! *= factor;
    this.logReference += largest;
    return true;
  }
}

/** The largest log kernel of a query in a tile. */
function largestOf({ maxima }: TileSums, query: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = query * TILE_BLOCKS; i < (query + 1) * TILE_BLOCKS; i++)
    largest = Math.max(largest, maxima[i]!);
  return largest;
}
