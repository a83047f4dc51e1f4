import type { Stretch } from './stretch.js';

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
