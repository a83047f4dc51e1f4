import type { VectorReader } from '../../store/index.js';
import { type NumberedTile, quantise } from './quantise.js';
import { readTiles } from './quantised-file.js';
import { stretchesOf } from './stretch.js';

/** A corpus to sum over: its vectors, and the file of the quantised ones where there is one. */
export interface Int8Points {
  reader: VectorReader;
  rows: number;
  /** Where the vectors are on disk, where the quantised ones are beside them. */
  folder?: string;
  quantised?: string;
  /** The source of each row, counted over all corpora, where shares are asked for. */
  sourceOfRow?: Int32Array;
}

/** A tile, with its index and its corpus's first row, both counted over all corpora. */
export interface CorpusTile extends NumberedTile {
  corpusStart: number;
  /** The source of each row of its corpus, where shares are asked for. */
  sourceOfRow: Int32Array | undefined;
}

/**
 * All quantised points, from their files, or rounded as they are read; a tile is valid until the next.
 *
 * @param isWanted whether the tile of that index is wanted, its number over all corpora; by default all are
 */
export function* int8Tiles(
  points: readonly Int8Points[],
  seed: number,
  isWanted: (index: number) => boolean = () => true,
): Generator<CorpusTile> {
  let [corpusStart, firstTile] = [0, 0];
  for (const { reader, rows, quantised, sourceOfRow } of points) {
    const first = firstTile;
    const wanted = (index: number) => isWanted(first + index);
    const tiles = quantised
      ? readTiles(quantised, rows, reader.dims, wanted)
      : quantise(reader, rows, seed, wanted);
    for (const tile of tiles) yield { ...tile, corpusStart, sourceOfRow, index: first + tile.index };
    corpusStart += rows;
    firstTile += stretchesOf(rows).reduce((count, stretch) => count + stretch.tiles, 0);
  }
}
