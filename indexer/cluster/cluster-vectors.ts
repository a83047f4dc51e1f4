import { mkdirSync } from 'node:fs';
import {
  DataError,
  type OnProgress,
  UsageError,
  type VectorReader,
  writeListTiles,
} from '../../store/index.js';
import { MOST_TILE_ROWS } from './assigner.js';
import {
  keepClusteredFiles,
  readClusteredFiles,
  removeClusteredFiles,
  removeUnfinished,
  sampleFile,
} from './clustered-files.js';
import { sphericalKmeans } from './kmeans.js';
import { drawSample } from './sample.js';
import { writeClusters } from './write-clusters.js';

/** How vectors are clustered. */
export interface ClusterOptions {
  /** How many lists, at most as many as there are rows; 4√rows by default. */
  lists?: number;
  /** An integer. */
  seed: number;
  /** Vectors to train on, for each list; 64 by default. */
  sampleRows?: number;
  /** About as much memory is used, bytes; 512 MiB by default. Files get larger with it. */
  memoryBytes?: number;
  onProgress?: OnProgress;
}

/** What was written. */
export interface Clustered {
  /** The paths of the files that were written, in the order of their rows. */
  files: string[];
  lists: number;
  /** Rows in all files of the folder. */
  rows: number;
}

const MEMORY_BYTES = 512 * 2 ** 20;
/** What Node and ONNX Runtime take of the memory beside the vectors. */
const OVERHEAD_BYTES = 160 * 2 ** 20;
const SAMPLE_ROWS = 64;

/**
 * Clusters vectors with spherical k-means and writes them, list by list, to FAISS `IndexIVFFlat` files `ivf-00000.faiss`
 * and on in a folder. Each file has all centroids and as many rows, list after list, as fit into memory; ids are row
 * numbers. The rows of a list stand in tiles of such as lie near each other. Clustered files that were there are replaced.
 *
 * @throws DataError where there are no vectors
 * @throws UsageError where an option is not a number that it can be
 */
export async function clusterVectors(
  reader: VectorReader,
  folder: string,
  options: ClusterOptions,
): Promise<Clustered> {
  const { dims, rows } = reader;
  checkOptions(options);
  if (rows === 0)
    throw new DataError(`There are no vectors to cluster into ${folder}. Index a corpus first.`);
  const lists = Math.min(rows, options.lists ?? Math.round(4 * Math.sqrt(rows)));
  const memory = rowMemory(rows, dims, lists, options.memoryBytes);
  mkdirSync(folder, { recursive: true });
  removeUnfinished(folder);
  const count = Math.min(rows, (options.sampleRows ?? SAMPLE_ROWS) * lists);
  const sample = drawSample(reader, count, options.seed, memory, sampleFile(folder));
  const { centroids } = await sphericalKmeans(sample, { ...options, lists }).finally(() => sample.close());
  removeClusteredFiles(folder);
  const range = { centroids, memory, firstRow: 0, firstFile: 0 };
  const { files, means } = await writeClusters(reader, folder, range, options);
  writeListTiles(folder, joined(means), dims);
  return { files, lists, rows };
}

/**
 * Writes the rows that were appended since `clusterVectors` to new files, with the centroids of those that are there.
 *
 * @throws DataError where the folder has no clustered files that are whole, or they are not of these vectors
 */
export async function extendClusters(
  reader: VectorReader,
  folder: string,
  options: Omit<ClusterOptions, 'lists' | 'sampleRows'>,
): Promise<Clustered> {
  const { dims, rows } = reader;
  checkOptions(options);
  const there = readClusteredFiles(folder);
  const { centroids, lists, rows: firstRow } = there;
  if (there.dims !== dims) {
    throw new DataError(
      `${folder} has clustered vectors of ${there.dims} dims; the corpus has ${dims}. Cluster the corpus again.`,
    );
  }
  if (firstRow > rows) {
    throw new DataError(
      `${folder} has ${firstRow} clustered vectors; the corpus has ${rows}. Cluster the corpus again.`,
    );
  }
  removeUnfinished(folder);
  keepClusteredFiles(folder, there.count);
  const memory = rowMemory(rows - firstRow, dims, lists, options.memoryBytes);
  const range = { centroids, memory, firstRow, firstFile: there.count };
  const { files, means } = await writeClusters(reader, folder, range, options);
  if (files.length > 0) writeListTiles(folder, joined([there.means, ...means]), dims);
  return { files, lists, rows };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Memory for rows: what is left of all memory beside the centroids, for a tile at least, and no more than the rows need. */
function rowMemory(rows: number, dims: number, lists: number, memoryBytes = MEMORY_BYTES): Float32Array {
  const rowBytes = dims * Float32Array.BYTES_PER_ELEMENT;
  // Centroids, and their sums in float64.
  const left = memoryBytes - OVERHEAD_BYTES - 3 * lists * rowBytes;
  const held = Math.max(MOST_TILE_ROWS, Math.floor(left / rowBytes));
  return new Float32Array(Math.min(rows, held) * dims);
}

function checkOptions({ lists, seed, sampleRows, memoryBytes }: ClusterOptions): void {
  if (!Number.isInteger(seed)) throw new UsageError(`The seed is ${seed}; a whole number is needed.`);
  for (const [name, value] of Object.entries({ lists, sampleRows, memoryBytes })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new UsageError(`${name} is ${value}; a whole number of at least 1 is needed.`);
    }
  }
}
