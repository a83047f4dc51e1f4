import { join } from 'node:path';
import { ivfName, type OnProgress, type VectorReader, writeIvfFile } from '../../store/index.js';
import { type Assigner, openAssigner } from './assigner.js';
import { orderByList } from './list-order.js';

/** Which rows go where. */
export interface ClusterRange {
  /** `(lists, dims)` row-major. */
  centroids: Float32Array;
  /** Room for the rows of one file. */
  memory: Float32Array;
  /** The rows from this one on are written. */
  firstRow: number;
  /** The number of the file that starts with it. */
  firstFile: number;
}

/**
 * Writes rows to clustered files, each with as many consecutive ones as there is memory for.
 *
 * @returns the paths of the files
 */
export async function writeClusters(
  reader: VectorReader,
  folder: string,
  { centroids, memory, firstRow, firstFile }: ClusterRange,
  { seed, onProgress }: { seed: number; onProgress?: OnProgress },
): Promise<string[]> {
  const { dims } = reader;
  const lists = centroids.length / dims;
  const assigner = await openAssigner(centroids, dims);
  const rowsPerFile = Math.floor(memory.length / dims);
  const files: string[] = [];
  let written = Promise.resolve();
  for (let first = firstRow; first < reader.rows; first += rowsPerFile) {
    const rows = Math.min(rowsPerFile, reader.rows - first);
    const vectors = memory.subarray(0, rows * dims);
    const nearest = await assignRows(reader, first, vectors, assigner, onProgress);
    const number = firstFile + files.length;
    const { sizes, order } = orderByList(nearest, lists, seed, number);
    const file = join(folder, ivfName(number));
    // One file after the other gets its name: a killed process leaves the first rows of the corpus, and no gap.
    await written;
    written = writeIvfFile(file, { dims, rows, lists, centroids, sizes }, vectors, order, first);
    // Awaited above or below; until then Node would take a failure for one that nobody hears of.
    written.catch(() => {});
    files.push(file);
  }
  await written;
  return files;
}

/** Reads the rows from `first` on into `vectors`, and finds the list of each. */
async function assignRows(
  reader: VectorReader,
  first: number,
  vectors: Float32Array,
  assigner: Assigner,
  onProgress?: OnProgress,
): Promise<Int32Array> {
  const { dims } = reader;
  const rows = vectors.length / dims;
  const nearest = new Int32Array(rows);
  const scores = new Float32Array(assigner.tileRows);
  for (let from = 0; from < rows; from += assigner.tileRows) {
    const to = Math.min(rows, from + assigner.tileRows);
    const tile = vectors.subarray(from * dims, to * dims);
    reader.read(first + from, to - from, tile);
    await assigner.assign(tile, nearest.subarray(from, to), scores);
    onProgress?.({ step: 'writing lists', done: first + to, total: reader.rows, unit: 'vectors' });
  }
  return nearest;
}
