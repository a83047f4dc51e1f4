import { type Stretch, TILE_BLOCKS } from './stretch.js';

/** Points as int8, with what belongs to each; all of it one piece of memory, as it is on disk. */
export interface QuantisedTile {
  bytes: Uint8Array;
  columns: number;
  /** Columns that hold points; behind them are zeros. */
  filled: number;
  /** `(columns)`: a point is its scale times its integers. */
  scales: Float32Array;
  /** `(columns)`: the corpus's row that a column holds. */
  rows: Uint32Array;
  /** `(columns)`: the product of a column's integers with the dither of the tile's rounding of queries, to be taken off. */
  dithers: Float32Array;
  /** `(dims, columns)` row-major: the layout that a product of queries and points reads its right side in. */
  integers: Int8Array;
}

/** A block of a tile's columns, copied. */
export function blockOf(tile: QuantisedTile, block: number): Omit<QuantisedTile, 'bytes'> {
  const columns = tile.columns / TILE_BLOCKS;
  const [from, to] = [block * columns, (block + 1) * columns];
  const dims = tile.integers.length / tile.columns;
  const integers = new Int8Array(dims * columns);
  for (let j = 0; j < dims; j++)
    integers.set(tile.integers.subarray(j * tile.columns + from, j * tile.columns + to), j * columns);
  return {
    ...{ columns, integers },
    filled: Math.min(columns, Math.max(0, tile.filled - from)),
    scales: tile.scales.subarray(from, to),
    rows: tile.rows.subarray(from, to),
    dithers: tile.dithers.subarray(from, to),
  };
}

/** Bytes of a tile: scales, rows, dithers, integers. */
export function tileBytes(columns: number, dims: number): number {
  return columns * (12 + dims);
}

/** The tile numbered `tile` of a stretch, over the `tileBytes` of memory from `at` on. */
export function tileOver(
  memory: ArrayBuffer,
  at: number,
  stretch: Stretch,
  tile: number,
  dims: number,
): QuantisedTile {
  const { columns, rows, tiles } = stretch;
  return {
    bytes: new Uint8Array(memory, at, tileBytes(columns, dims)),
    columns,
    filled: Math.ceil((rows - tile) / tiles),
    scales: new Float32Array(memory, at, columns),
    rows: new Uint32Array(memory, at + 4 * columns, columns),
    dithers: new Float32Array(memory, at + 8 * columns, columns),
    integers: new Int8Array(memory, at + 12 * columns, dims * columns),
  };
}
