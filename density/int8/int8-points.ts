import type { VectorReader } from '../../store/index.js';
import { SPAN } from '../tile-kernel.js';
import { type NumberedTile, quantise } from './quantise.js';
import { readTiles } from './quantised-file.js';

/** A corpus to sum over: its vectors, and the file of the quantised ones where there is one. */
export interface Int8Points {
  corpusId: number;
  reader: VectorReader;
  rows: number;
  quantised?: string;
}

/** A tile, and the numbers of its corpus's first row and of its first span, counted over all corpora. */
export interface CorpusTile extends NumberedTile {
  corpusStart: number;
  firstSpan: number;
}

/** All quantised points, from their files, or rounded as they are read; a tile is valid until the next. */
export function* int8Tiles(points: readonly Int8Points[], seed: number): Generator<CorpusTile> {
  let [corpusStart, firstSpan] = [0, 0];
  for (const { reader, rows, quantised } of points) {
    const tiles = quantised ? readTiles(quantised, rows, reader.dims) : quantise(reader, rows, seed);
    for (const tile of tiles) {
      yield { ...tile, corpusStart, firstSpan };
      firstSpan += tile.tile.columns / SPAN;
    }
    corpusStart += rows;
  }
}
