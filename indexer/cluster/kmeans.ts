import type { OnProgress } from '../../store/index.js';
import { openAssigner } from './assigner.js';
import { drawRows, type Sample, START } from './sample.js';
import { randomStream } from './streams.js';

/** How k-means is run. */
export interface KmeansOptions {
  lists: number;
  seed: number;
  /** The most iterations; fewer where the objective stalls. 16 by default. */
  iterations?: number;
  onProgress?: OnProgress;
}

/** Centroids, and how well they fit the sample. */
export interface Kmeans {
  /** `(lists, dims)` row-major unit vectors. */
  centroids: Float32Array;
  /** Mean inner product of the rows and their centroids, when they were last assigned. */
  objective: number;
  iterations: number;
}

const ITERATIONS = 16;
/** Stops when an iteration takes less than this part off the mean of 1 − inner product. */
const STALLED = 5e-4;
/** Halves of a split list start this far apart, as a part of each coordinate, as in FAISS (Clustering.cpp). */
const SPLIT = 1 / 1024;

/**
 * Spherical k-means (Dhillon and Modha 2001): centroids are means brought to length 1, rows go to the centroid of the
 * largest inner product. Starts at random rows; a list that is left empty takes half of the largest.
 *
 * @param sample unit vectors, at least as many as `lists`
 */
export async function sphericalKmeans(sample: Sample, options: KmeansOptions): Promise<Kmeans> {
  const { dims, rows } = sample;
  const { lists, seed, iterations = ITERATIONS } = options;
  const centroids = startingRows(sample, lists, seed);
  const assigner = await openAssigner(centroids, dims);
  const nearest = new Int32Array(rows).fill(-1);
  const fresh = new Int32Array(assigner.tileRows);
  const scores = new Float32Array(assigner.tileRows);
  const sums = new Float64Array(lists * dims);
  const counts = new Int32Array(lists);
  let objective = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; ; iteration++) {
    let total = 0;
    for (let first = 0; first < rows; first += assigner.tileRows) {
      const count = Math.min(assigner.tileRows, rows - first);
      const tile = sample.tile(first, count);
      await assigner.assign(tile, fresh, scores);
      for (let i = 0; i < count; i++) total += scores[i]!;
      moveRows(tile, nearest.subarray(first, first + count), fresh);
      const done = (iteration - 1) * rows + first + count;
      options.onProgress?.({ step: 'training lists', done, total: iterations * rows, unit: 'vectors' });
    }
    const before = objective;
    objective = total / rows;
    bringToMeans(centroids, sums, counts);
    splitLargest(centroids, counts, dims);
    if (iteration === iterations || objective - before < STALLED * (1 - before)) {
      return { centroids, objective, iterations: iteration };
    }
  }

  /** Sums are kept from one iteration to the next: only the rows that changed their list are added and taken off. */
  function moveRows(tile: Float32Array, from: Int32Array, to: Int32Array): void {
    for (let i = 0; i < from.length; i++) {
      const [left, entered] = [from[i]!, to[i]!];
      if (left === entered) continue;
      addRow(tile, i, entered, 1);
      if (left >= 0) addRow(tile, i, left, -1);
      from[i] = entered;
    }
  }

  function addRow(tile: Float32Array, row: number, list: number, sign: 1 | -1): void {
    counts[list]! += sign;
    const [from, to] = [row * dims, list * dims];
    for (let j = 0; j < dims; j++) sums[to + j]! += sign * tile[from + j]!;
  }
}

function startingRows({ dims, rows, tile }: Sample, lists: number, seed: number): Float32Array {
  const centroids = new Float32Array(lists * dims);
  let list = 0;
  for (const row of drawRows(rows, lists, randomStream(seed, START)))
    centroids.set(tile(row, 1), dims * list++);
  return centroids;
}

/** The centroids of lists that are not empty become the means of their rows, at length 1. */
function bringToMeans(centroids: Float32Array, sums: Float64Array, counts: Int32Array): void {
  const dims = centroids.length / counts.length;
  counts.forEach((count, list) => {
    if (count > 0) setUnit(centroids, list * dims, sums.subarray(list * dims, (list + 1) * dims));
  });
}

/** Puts the centroid of every empty list next to that of the largest, which is left with half of its rows. */
function splitLargest(centroids: Float32Array, counts: Int32Array, dims: number): void {
  if (!counts.includes(0)) return;
  const sizes = counts.slice();
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0, empty + 1)) {
    const largest = indexOfLargest(sizes);
    if (sizes[largest]! < 2) return;
    const centroid = centroids.slice(largest * dims, (largest + 1) * dims);
    const side = (sign: number) => centroid.map((x, j) => x * (1 + (j % 2 === 0 ? sign : -sign) * SPLIT));
    setUnit(centroids, largest * dims, side(1));
    setUnit(centroids, empty * dims, side(-1));
    sizes[empty] = sizes[largest]! >> 1;
    sizes[largest]! -= sizes[empty]!;
  }
}

function indexOfLargest(sizes: Int32Array): number {
  let largest = 0;
  for (let list = 1; list < sizes.length; list++) if (sizes[list]! > sizes[largest]!) largest = list;
  return largest;
}

/** Stores a vector at length 1; one of length 0 has no direction, and what is there is kept. */
function setUnit(centroids: Float32Array, at: number, vector: Float32Array | Float64Array): void {
  let squares = 0;
  for (let j = 0; j < vector.length; j++) squares += vector[j]! * vector[j]!;
  const norm = Math.sqrt(squares);
  if (!(norm > Number.EPSILON)) return;
  for (let j = 0; j < vector.length; j++) centroids[at + j] = vector[j]! / norm;
}
