import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.js';
import { type IvfReader, openIvfReader } from './ivf-reader.js';
import { ivfName } from './ivf-writer.js';
import { hasListTiles, readListTiles } from './list-tiles.js';

/** Reads the clustered vectors of a corpus tile by tile: some rows of a list, which lie near each other and stand together. */
export interface ClusteredReader {
  readonly dims: number;
  /** Rows in all files. */
  readonly rows: number;
  readonly lists: number;
  /** Rows in each tile. */
  readonly sizes: Int32Array;
  /** The list of each tile. */
  readonly listOf: Int32Array;
  /** `(tiles, dims + 1)` row-major: the mean vector of each tile, and its rows. */
  readonly means: Float32Array;
  /**
   * Reads rows of a tile.
   *
   * @param vectors is filled with `(count, dims)` rows
   * @param ids is filled with the row numbers of these in the corpus, where it is given
   * @param first where in the tile to start
   */
  read(tile: number, vectors: Float32Array, ids: Int32Array | undefined, first: number, count: number): void;
  close(): void;
}

/** Whether a corpus of so many rows has clustered files that hold them all. */
export function isClustered(folder: string, rows: number): boolean {
  const files = openFiles(folder, rows);
  for (const file of files ?? []) file.close();
  return files !== undefined;
}

/**
 * Opens the clustered files of a corpus.
 *
 * @param rows how many the corpus has
 * @returns undefined where there are none, or they do not hold all rows
 * @throws DataError naming the file where one is damaged
 */
export function openClusteredReader(folder: string, rows: number): ClusteredReader | undefined {
  const files = openFiles(folder, rows);
  if (!files) return undefined;
  const close = () => {
    for (const file of files) file.close();
  };
  try {
    const { dims, lists } = files[0]!;
    const means = readListTiles(folder, dims)!;
    return { dims, rows, lists, means, ...tileReader(folder, files, means), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The files of a corpus, at least one, where they are whole and hold all its rows. */
function openFiles(folder: string, rows: number): IvfReader[] | undefined {
  const files: IvfReader[] = [];
  const close = () => {
    for (const file of files) file.close();
  };
  if (!hasListTiles(folder)) return undefined;
  try {
    for (let path = join(folder, ivfName(0)); existsSync(path); path = join(folder, ivfName(files.length)))
      files.push(openIvfReader(path));
    const { dims, lists } = files[0] ?? { dims: 0, lists: 0 };
    for (const file of files) {
      if (file.dims === dims && file.lists === lists) continue;
      throw new DataError(
        `${file.file} has ${file.lists} lists of ${file.dims} dims; the files before it have ${lists} of ${dims}. Cluster the corpus again.`,
      );
    }
    if (files.length > 0 && files.reduce((sum, file) => sum + file.rows, 0) === rows) return files;
    close();
    return undefined;
  } catch (error) {
    close();
    throw error;
  }
}

/** Finds each tile in its file: tiles follow one another as lists do, and lists as files do. */
function tileReader(folder: string, files: readonly IvfReader[], means: Float32Array) {
  const width = files[0]!.dims + 1;
  const tiles = means.length / width;
  const sizes = Int32Array.from({ length: tiles }, (_, tile) => means[tile * width + width - 1]!);
  const [fileOf, listOf, firstOf] = [
    new Int32Array(tiles),
    new Int32Array(tiles),
    new Int32Array(tiles),
  ] as const;
  let tile = 0;
  for (const [number, file] of files.entries()) {
    file.sizes.forEach((size, list) => {
      for (let first = 0; first < size; first += sizes[tile++]!) {
        if (!(sizes[tile]! > 0 && first + sizes[tile]! <= size)) throw otherTiles(folder);
        [fileOf[tile], listOf[tile], firstOf[tile]] = [number, list, first];
      }
    });
  }
  if (tile !== tiles) throw otherTiles(folder);
  return {
    ...{ sizes, listOf },
    read(
      tile: number,
      vectors: Float32Array,
      ids: Int32Array | undefined,
      first: number,
      count: number,
    ): void {
      files[fileOf[tile]!]!.readList(listOf[tile]!, vectors, ids, firstOf[tile]! + first, count);
    },
  };
}

function otherTiles(folder: string): DataError {
  return new DataError(`The tiles in ${folder} are not those of its lists. Cluster the corpus again.`);
}
