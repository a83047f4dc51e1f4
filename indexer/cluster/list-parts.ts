import { type OnProgress, openLists, writeListParts } from '../../store/index.js';
import { openAssigner } from './assigner.js';
import { sphericalKmeans } from './kmeans.js';
import type { Sample } from './sample.js';

/** Parts that each list is divided into. */
const PARTS = 8;
/** A long list is known by so many of its rows, which stand in random order. */
const MOST_ROWS = 4096;
const ITERATIONS = 5;

/**
 * Divides every list over all clustered files of a folder into parts by k-means, and writes their means beside the files: a
 * list that is near a query in one of its parts is then told from one that is not near at all.
 *
 * @param rows in all files
 */
export async function storeListParts(
  folder: string,
  rows: number,
  seed: number,
  onProgress?: OnProgress,
): Promise<void> {
  const reader = openLists(folder, rows)!;
  try {
    const { dims, lists, sizes } = reader;
    const parts = { perList: PARTS, rows: new Float32Array(lists * PARTS * (dims + 1)) };
    const longest = Math.min(
      MOST_ROWS,
      sizes.reduce((most, size) => Math.max(most, size), 0),
    );
    const into = {
      vectors: new Float32Array(longest * dims),
      ids: new Int32Array(longest),
      places: new Int32Array(longest),
    };
    for (let list = 0; list < lists; list++) {
      const count = Math.min(MOST_ROWS, sizes[list]!);
      reader.read(list, 0, count, into);
      await divide(into.vectors.subarray(0, count * dims), dims, list, seed, parts.rows);
      onProgress?.({ step: 'describing lists', done: list + 1, total: lists, unit: 'lists' });
    }
    writeListParts(folder, parts, dims);
  } finally {
    reader.close();
  }
}

async function divide(
  vectors: Float32Array,
  dims: number,
  list: number,
  seed: number,
  parts: Float32Array,
): Promise<void> {
  const rows = vectors.length / dims;
  if (rows === 0) return;
  const nearest = await nearestParts(vectors, dims, Math.min(PARTS, rows), seed);
  const counts = new Int32Array(PARTS);
  const sums = new Float64Array(PARTS * dims);
  nearest.forEach((part, row) => {
    counts[part]!++;
    for (let j = 0; j < dims; j++) sums[part * dims + j]! += vectors[row * dims + j]!;
  });
  for (let part = 0; part < PARTS; part++) {
    const at = (list * PARTS + part) * (dims + 1);
    for (let j = 0; j < dims; j++) parts[at + j] = sums[part * dims + j]! / Math.max(1, counts[part]!);
    parts[at + dims] = counts[part]! / rows;
  }
}

async function nearestParts(
  vectors: Float32Array,
  dims: number,
  parts: number,
  seed: number,
): Promise<Int32Array> {
  const rows = vectors.length / dims;
  const sample: Sample = {
    ...{ dims, rows },
    tile: (first, count) => vectors.subarray(first * dims, (first + count) * dims),
    close() {},
  };
  const { centroids } = await sphericalKmeans(sample, { lists: parts, seed, iterations: ITERATIONS });
  const assigner = await openAssigner(centroids, dims);
  const nearest = new Int32Array(rows);
  const scores = new Float32Array(assigner.tileRows);
  for (let from = 0; from < rows; from += assigner.tileRows) {
    const to = Math.min(rows, from + assigner.tileRows);
    await assigner.assign(vectors.subarray(from * dims, to * dims), nearest.subarray(from, to), scores);
  }
  return nearest;
}
