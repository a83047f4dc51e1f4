import { join } from 'node:path';
import { ivfName, type OnProgress, type VectorReader, writeIvfFile } from '../../store/index.js';
import { type Assigner, openAssigner } from './assigner.js';
import { orderByList } from './list-order.js';
import { divideIntoTiles, tileRowsFor } from './tiles.js';

/** Which rows go where. */
export interface ClusterRange {
  /** `(lists, dims)` row-major. */
  centroids: Float32Array;
  /** Room for the rows of one file. */
  memory: Float32Array;
  /** The rows from this one on are written. */
  firstRow: number;
  /** The number of the first file. */
  firstFile: number;
}

/** What was written. */
export interface WrittenClusters {
  /** The paths of the files. */
  files: string[];
  /** `(tiles, dims + 1)` row-major of each file: the mean vector of every tile, and its rows. */
  means: Float32Array[];
}

/** Writes rows to clustered files, list after list, each with as many as there is memory for, and every list in tiles. */
export async function writeClusters(
  reader: VectorReader,
  folder: string,
  { centroids, memory, firstRow, firstFile }: ClusterRange,
  { seed, onProgress }: { seed: number; onProgress?: OnProgress },
): Promise<WrittenClusters> {
  const { dims } = reader;
  const lists = centroids.length / dims;
  const nearest = await assignRows(reader, firstRow, memory, await openAssigner(centroids, dims), onProgress);
  const { sizes, places } = orderByList(nearest, lists);
  const tileRows = tileRowsFor(reader.rows);
  const rowsPerFile = Math.floor(memory.length / dims);
  const rows = nearest.length;
  const [files, means]: [string[], Float32Array[]] = [[], []];
  let written = Promise.resolve();
  for (let from = 0; from < rows; from += rowsPerFile) {
    const count = Math.min(rowsPerFile, rows - from);
    const vectors = memory.subarray(0, count * dims);
    const ids = readPlaces(reader, firstRow, places, from, vectors);
    const inFile = sizesBetween(sizes, from, from + count);
    const tiled = await tileLists(vectors, dims, inFile, { tileRows, seed }, (done) => {
      onProgress?.({ step: 'writing lists', done: from + done, total: rows, unit: 'vectors' });
    });
    const file = join(folder, ivfName(firstFile + files.length));
    // One file after the other gets its name: a killed process leaves whole ones, and no gap.
    await written;
    const header = { dims, rows: count, lists, centroids, sizes: inFile };
    written = writeIvfFile(file, header, vectors, tiled.order, ids);
    // Awaited above or below; until then Node would take a failure for one that nobody hears of.
    written.catch(() => {});
    files.push(file);
    means.push(tiled.means);
  }
  await written;
  return { files, means };
}

/** The list of every row from `first` on. */
async function assignRows(
  reader: VectorReader,
  first: number,
  memory: Float32Array,
  assigner: Assigner,
  onProgress?: OnProgress,
): Promise<Int32Array> {
  const { dims } = reader;
  const nearest = new Int32Array(reader.rows - first);
  const scores = new Float32Array(assigner.tileRows);
  for (let from = 0; from < nearest.length; from += assigner.tileRows) {
    const to = Math.min(nearest.length, from + assigner.tileRows);
    const tile = memory.subarray(0, (to - from) * dims);
    reader.read(first + from, to - from, tile);
    await assigner.assign(tile, nearest.subarray(from, to), scores);
    onProgress?.({ step: 'assigning to lists', done: to, total: nearest.length, unit: 'vectors' });
  }
  return nearest;
}

/** Reads the rows whose places are from `from` on, as many as there is room for; gives their ids. */
function readPlaces(
  reader: VectorReader,
  firstRow: number,
  places: Int32Array,
  from: number,
  vectors: Float32Array,
): Int32Array {
  const { dims } = reader;
  const ids = new Int32Array(vectors.length / dims);
  places.forEach((place, row) => {
    const at = place - from;
    if (at < 0 || at >= ids.length) return;
    reader.read(firstRow + row, 1, vectors.subarray(at * dims, (at + 1) * dims));
    ids[at] = firstRow + row;
  });
  return ids;
}

/** How many of each list stand between two places. */
function sizesBetween(sizes: Int32Array, from: number, to: number): Int32Array {
  let end = 0;
  return sizes.map((size) => {
    const start = end;
    end += size;
    return Math.max(0, Math.min(end, to) - Math.max(start, from));
  });
}

/** The order of rows, which stand list by list, in which those of each tile stand together, and the tiles' means. */
async function tileLists(
  vectors: Float32Array,
  dims: number,
  sizes: Int32Array,
  { tileRows, seed }: { tileRows: number; seed: number },
  onRows: (done: number) => void,
): Promise<{ order: Int32Array; means: Float32Array }> {
  const order = new Int32Array(vectors.length / dims);
  const tiles: number[] = [];
  let first = 0;
  for (const [number, size] of sizes.entries()) {
    const list = vectors.subarray(first * dims, (first + size) * dims);
    const tiled = await divideIntoTiles(list, dims, tileRows, { seed, stream: number });
    tiled.order.forEach((row, at) => {
      order[first + at] = first + row;
    });
    for (const rows of tiled.sizes) tiles.push(rows);
    first += size;
    onRows(first);
  }
  return { order, means: meansOf(vectors, dims, order, tiles) };
}

function meansOf(vectors: Float32Array, dims: number, order: Int32Array, tiles: readonly number[]) {
  const means = new Float32Array(tiles.length * (dims + 1));
  let at = 0;
  for (const [tile, size] of tiles.entries()) {
    const sum = new Float64Array(dims);
    for (const row of order.subarray(at, at + size))
      for (let j = 0; j < dims; j++) sum[j]! += vectors[row * dims + j]!;
    for (let j = 0; j < dims; j++) means[tile * (dims + 1) + j] = sum[j]! / size;
    means[tile * (dims + 1) + dims] = size;
    at += size;
  }
  return means;
}
