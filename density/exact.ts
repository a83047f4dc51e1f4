import type { OnProgress } from '../store/index.js';
import { distance } from './distance.js';
import type { DensityEstimate } from './estimate.js';
import { type KernelName, kernelNamed } from './kernels.js';
import { type DocumentRun, documentRuns, numberDocuments, startingRows } from './numbering.js';
import { countPoints, type Points, type Tile, tilesOf } from './points.js';
import { QuerySum } from './query-sum.js';
import { refine } from './refine.js';
import { openTileKernel, type PreparedQueries } from './tile-kernel.js';

/** What to estimate, and how much to say about it. */
export interface ExactOptions {
  kernel: KernelName;
  /** h, in units of distance on the unit sphere. */
  bandwidth: number;
  /** Nearest points to name, per query. */
  neighbours?: number;
  /** Documents to name, per query. */
  documents?: number;
  onProgress?: OnProgress;
}

// A tile of kernel values, 256 × 2048 float32, stays in the last-level cache between the operators.
const TILE_ROWS = 2048;
const BLOCK_QUERIES = 256;
/** Points nearest to each query whose kernels are recomputed in float64. */
const REFINED = 16;
/** Above this the float32 squares of kernels would overflow. */
const OVERFLOW = Math.exp(40);
const REFERENCE_SAMPLE = 16;

/**
 * The exact kernel density of every query: all points, streamed from disk in tiles, in constant memory.
 *
 * Kernel values are float32 relative to a reference near each query's largest, sums are float64, and the nearest
 * points are recomputed in float64, so that log10 f is right to 1e-4 also where float32 kernels would underflow.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 * @throws RangeError for a bandwidth that is not a positive number, or queries of other dims
 */
export async function exactDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: ExactOptions,
): Promise<DensityEstimate[]> {
  const { bandwidth } = options;
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new RangeError(`The bandwidth must be a positive number, not ${bandwidth}.`);
  }
  const dims = points[0]!.reader.dims;
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const kernel = kernelNamed(options.kernel);
  const numbering = numberDocuments(points);
  const tileKernel = await openTileKernel(kernel, bandwidth, dims);
  try {
    const references = startingReferences(queries, points, dims, (r) => kernel.log(r, bandwidth));
    const sums = Array.from(
      references,
      (reference) =>
        new QuerySum(reference, numbering.sources.length, {
          documents: options.documents ?? 0,
          nearest: Math.max(REFINED, options.neighbours ?? 0),
        }),
    );
    const blocks = blocksOf(queries, dims, BLOCK_QUERIES).map((block) => tileKernel.prepare(block));
    await addAllTiles(blocks, sums);
    return refine(queries, points, sums, numbering, { ...options, kernel });
  } finally {
    await tileKernel.release();
  }

  async function addAllTiles(blocks: PreparedQueries[], sums: QuerySum[]): Promise<void> {
    const total = countPoints(points);
    const corpusStart = startingRows(points);
    let done = 0;
    for (const tile of tilesOf(points, TILE_ROWS)) {
      const runs = documentRuns(tile, points, numbering);
      const firstRow = corpusStart[tile.corpus]! + tile.firstRow;
      for (const [b, block] of blocks.entries()) {
        const blockSums = sums.slice(b * BLOCK_QUERIES, b * BLOCK_QUERIES + block.count);
        blockSums.forEach((sum, q) => {
          block.shift[q] = -sum.logReference;
        });
        const { kernels, maxima, squares } = await tileKernel.run(block, tile.vectors);
        blockSums.forEach((sum, q) => {
          if (maxima[q]! < OVERFLOW) sum.addTile(kernels, q * tile.rows, squares[q]!, runs, firstRow);
          else addInFloat64(sum, b * BLOCK_QUERIES + q, tile, runs, firstRow);
        });
      }
      done += tile.rows;
      options.onProgress?.({ step: `${options.kernel} density`, done, total, unit: 'points' });
    }
    for (const sum of sums) sum.closeDocument();
  }

  /** Adds a tile in which a query met points far nearer than any before, and takes them for its reference. */
  function addInFloat64(
    sum: QuerySum,
    query: number,
    tile: Tile,
    runs: DocumentRun[],
    firstRow: number,
  ): void {
    const logs = new Float64Array(tile.rows);
    let largest = sum.logReference;
    for (let row = 0; row < tile.rows; row++) {
      logs[row] = kernel.log(distance(queries, query * dims, tile.vectors, row * dims, dims), bandwidth);
      largest = Math.max(largest, logs[row]!);
    }
    sum.rebase(largest);
    const kernels = Float32Array.from(logs, (log) => Math.exp(log - largest));
    const squares = kernels.reduce((total, k) => total + k * k, 0);
    sum.addTile(kernels, 0, squares, runs, firstRow);
  }
}

/** The largest log kernel over a few points spread over the data: a reference to begin with. */
function startingReferences(
  queries: Float32Array,
  points: readonly Points[],
  dims: number,
  logKernel: (r: number) => number,
): Float64Array {
  const references = new Float64Array(queries.length / dims).fill(Number.NEGATIVE_INFINITY);
  const vector = new Float32Array(dims);
  for (const { reader, documentOfRow } of points) {
    const samples = Math.min(REFERENCE_SAMPLE, documentOfRow.length);
    for (let s = 0; s < samples; s++) {
      reader.read(Math.floor((s * documentOfRow.length) / samples), 1, vector);
      for (let q = 0; q < references.length; q++) {
        references[q] = Math.max(references[q]!, logKernel(distance(queries, q * dims, vector, 0, dims)));
      }
    }
  }
  return references;
}

function blocksOf(queries: Float32Array, dims: number, blockQueries: number): Float32Array[] {
  const blocks: Float32Array[] = [];
  for (let from = 0; from < queries.length; from += blockQueries * dims) {
    blocks.push(queries.subarray(from, from + blockQueries * dims));
  }
  return blocks;
}
