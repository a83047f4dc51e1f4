import type { VectorReader } from '../../store/index.js';
import { type NumberedTile, quantise } from './quantise.js';
import { readTiles } from './quantised-file.js';

/** A corpus to sum over: its vectors, and the file of the quantised ones where there is one. */
export interface Int8Points {
  corpusId: number;
  reader: VectorReader;
  rows: number;
  /** Where the vectors are on disk, where the quantised ones are beside them. */
  folder?: string;
  quantised?: string;
}

/** A tile, with its number and its corpus's first row's, both counted over all corpora. */
export interface CorpusTile extends NumberedTile {
  corpusStart: number;
  index: number;
}

/** All quantised points, from their files, or rounded as they are read; a tile is valid until the next. */
export function* int8Tiles(points: readonly Int8Points[], seed: number): Generator<CorpusTile> {
  let [corpusStart, index] = [0, 0];
  for (const { reader, rows, quantised } of points) {
    const tiles = quantised ? readTiles(quantised, rows, reader.dims) : quantise(reader, rows, seed);
    for (const tile of tiles) yield { ...tile, corpusStart, index: index++ };
    corpusStart += rows;
  }
}
