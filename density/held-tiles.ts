import { freemem } from 'node:os';
import type { PlacedTile } from './exact-tile.js';
import { documentRuns, type Numbering, startingRows } from './numbering.js';
import type { Points } from './points.js';
import { SPAN } from './tile-kernel.js';

/** The tiles of some points by their number. */
export interface HeldTiles {
  readonly count: number;
  /** The tile of that number; where tiles are not held, only until the next call. */
  tile(number: number): PlacedTile;
}

/** Few queries meet a tile at a time, whose kernels stay in the cache; larger tiles are fewer runs of the graph. */
const TILE_ROWS = 8192;
/** Vectors are held where they take less than this share of the memory that is free. */
const OF_FREE = 0.25;

/**
 * The tiles of points for one pass after another: held in memory after they were first read, where they take less than `most` bytes,
 * by default a quarter of what is free; else read each time.
 */
export function holdTiles(
  points: readonly Points[],
  numbering: Numbering,
  most = OF_FREE * freemem(),
): HeldTiles {
  const starts = startingRows(points);
  const places = points.flatMap(({ documentOfRow }, corpus) => {
    return Array.from({ length: Math.ceil(documentOfRow.length / TILE_ROWS) }, (_, i) => ({
      corpus,
      firstRow: i * TILE_ROWS,
      rows: Math.min(TILE_ROWS, documentOfRow.length - i * TILE_ROWS),
    }));
  });
  const { dims } = points[0]!.reader;
  const isHeld = 4 * dims * TILE_ROWS * places.length < most;
  const held = new Map<number, PlacedTile>();
  const once = isHeld ? undefined : new Float32Array(TILE_ROWS * dims);
  return { count: places.length, tile: (number) => held.get(number) ?? read(number) };

  function read(number: number): PlacedTile {
    const { corpus, firstRow, rows } = places[number]!;
    const length = Math.ceil(rows / SPAN) * SPAN * dims;
    const padded = once?.subarray(0, length).fill(0, rows * dims) ?? new Float32Array(length);
    const vectors = padded.subarray(0, rows * dims);
    points[corpus]!.reader.read(firstRow, rows, vectors);
    const tile = { corpus, firstRow, rows, vectors, padded };
    const runs = documentRuns(tile, points, numbering);
    const placed = { tile, runs, firstRow: starts[corpus]! + firstRow };
    if (isHeld) held.set(number, placed);
    return placed;
  }
}
