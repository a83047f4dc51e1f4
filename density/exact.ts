import type { OnProgress } from '../store/index.js';
import type { DensityEstimate } from './estimate.js';
import { startingReferences, tileAdder } from './exact-tile.js';
import { sumKernels } from './kernel-sums.js';
import { type KernelName, kernelNamed } from './kernels.js';
import { documentRuns, numberDocuments, startingRows } from './numbering.js';
import { countPoints, type Points, tilesOf } from './points.js';
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
  /** False for densities alone, without shares, documents and neighbours, which is faster. */
  attribution?: boolean;
  /** Threads of the matrix products; by default all cores. */
  threads?: number;
  onProgress?: OnProgress;
}

// A tile of kernel values, 256 × 2048 float32, stays in the last-level cache between the operators.
const TILE_ROWS = 2048;
export const BLOCK_QUERIES = 256;
/** Points nearest to each query whose kernels are recomputed in float64. */
export const REFINED = 16;

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
  const addTile = tileAdder(kernel, bandwidth);
  const tileKernel = await openTileKernel(kernel, bandwidth, dims, options);
  const references = startingReferences(queries, points, dims, (r) => kernel.log(r, bandwidth));
  const blocks = blocksOf(queries, dims, BLOCK_QUERIES).map((block) => tileKernel.prepare(block));
  if (options.attribution === false) return densitiesAlone();
  const numbering = numberDocuments(points);
  const sums = Array.from(
    references,
    (reference) =>
      new QuerySum(reference, numbering.sources.length, {
        documents: options.documents ?? 0,
        nearest: Math.max(REFINED, options.neighbours ?? 0),
      }),
  );
  await addAllTiles(blocks, sums);
  return refine(queries, points, sums, numbering, { ...options, kernel });

  /** Sums alone, and all that can be known of the few queries for which sums alone are not sure enough. */
  async function densitiesAlone(): Promise<DensityEstimate[]> {
    const queryBlocks = blocks.map((prepared, b) => ({ first: b * BLOCK_QUERIES, prepared }));
    const settings = {
      kernel,
      bandwidth,
      onProgress: options.onProgress,
      ...(options.threads && { threads: options.threads }),
    };
    const estimates = await sumKernels(queryBlocks, references, points, settings);
    const unsure = [...estimates.keys()].filter((q) => estimates[q] === undefined);
    const again = new Float32Array(unsure.length * dims);
    unsure.forEach((q, i) => {
      again.set(queries.subarray(q * dims, (q + 1) * dims), i * dims);
    });
    const { attribution: _, ...rest } = options;
    const known = unsure.length > 0 ? await exactDensity(again, points, rest) : [];
    return estimates.map((estimate, q) => {
      return estimate ?? { ...known[unsure.indexOf(q)]!, sources: [], documents: [], neighbours: [] };
    });
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
        const values = await tileKernel.run(block, tile.padded);
        const asked = queries.subarray(b * BLOCK_QUERIES * dims);
        blockSums.forEach((sum, q) => {
          addTile(sum, values, q, asked.subarray(q * dims, (q + 1) * dims), { tile, runs, firstRow });
        });
      }
      done += tile.rows;
      options.onProgress?.({ step: `${options.kernel} density`, done, total, unit: 'points' });
    }
    for (const sum of sums) sum.closeDocument();
  }
}

function blocksOf(queries: Float32Array, dims: number, blockQueries: number): Float32Array[] {
  const blocks: Float32Array[] = [];
  for (let from = 0; from < queries.length; from += blockQueries * dims) {
    blocks.push(queries.subarray(from, from + blockQueries * dims));
  }
  return blocks;
}
