import type { OnProgress } from '../store/index.js';
import { distance } from './distance.js';
import type { DensityEstimate } from './estimate.js';
import { sumKernels } from './kernel-sums.js';
import { type Kernel, type KernelName, kernelNamed, unsureWithin } from './kernels.js';
import { documentRuns, numberDocuments, startingRows } from './numbering.js';
import { countPoints, type Points, type Tile, tilesOf } from './points.js';
import { QuerySum } from './query-sum.js';
import { refine } from './refine.js';
import { openTileKernel, type PreparedQueries, SPAN, type TileValues } from './tile-kernel.js';

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
const BLOCK_QUERIES = 256;
/** Points nearest to each query whose kernels are recomputed in float64. */
const REFINED = 16;
/** Where a log kernel exceeds the reference by this, nats, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;
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
  const correctNear = nearCorrection(kernel, bandwidth);
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
          correctNear(values, q, tile, asked.subarray(q * dims, (q + 1) * dims), sum.logReference);
        });
        blockSums.forEach((sum, q) => {
          const largest = largestLog(values, q, tile.rows);
          if (largest < OVERFLOW) sum.addTile(values, q, runs, firstRow, largest);
          else sum.addTile(rebased(sum, values, q, largest), 0, runs, firstRow, 0);
        });
      }
      done += tile.rows;
      options.onProgress?.({ step: `${options.kernel} density`, done, total, unit: 'points' });
    }
    for (const sum of sums) sum.closeDocument();
  }
}

/** Replaces the kernels of a query's near copies, which float32 cannot tell well, by float64 ones. */
function nearCorrection(kernel: Kernel, bandwidth: number) {
  const beyond = kernel.log(unsureWithin(kernel, bandwidth), bandwidth);
  return (values: TileValues, query: number, tile: Tile, vector: Float32Array, logReference: number) => {
    const { stride, logs, kernels, sums, squares, maxima } = values;
    const dims = vector.length;
    for (let span = (query * stride) / SPAN; span < ((query + 1) * stride) / SPAN; span++) {
      if (maxima[span]! + logReference <= beyond) continue;
      [sums[span], squares[span], maxima[span]] = [0, 0, Number.NEGATIVE_INFINITY];
      for (let i = span * SPAN; i < (span + 1) * SPAN; i++) {
        const row = i - query * stride;
        if (row < tile.rows && logs[i]! + logReference > beyond) {
          const r = distance(vector, 0, tile.vectors, row * dims, dims);
          logs[i] = kernel.log(r, bandwidth) - logReference;
          kernels[i] = Math.exp(logs[i]!);
        }
        sums[span]! += kernels[i]!;
        squares[span]! += kernels[i]! ** 2;
        maxima[span] = Math.max(maxima[span]!, logs[i]!);
      }
    }
  };
}

/** The largest log kernel of a query in a tile; of the last span only what lies on points. */
function largestLog({ stride, logs, maxima }: TileValues, query: number, rows: number): number {
  const wholeSpans = Math.floor(rows / SPAN);
  const [row, spanRow] = [query * stride, (query * stride) / SPAN];
  let largest = Number.NEGATIVE_INFINITY;
  for (let span = 0; span < wholeSpans; span++) largest = Math.max(largest, maxima[spanRow + span]!);
  for (let column = wholeSpans * SPAN; column < rows; column++)
    largest = Math.max(largest, logs[row + column]!);
  return largest;
}

/** A query met points far nearer than any before: takes the nearest for its reference, and the kernels relative to it. */
function rebased(sum: QuerySum, values: TileValues, query: number, largest: number): TileValues {
  const { stride } = values;
  sum.rebase(sum.logReference + largest);
  const logs = values.logs.slice(query * stride, (query + 1) * stride).map((log) => log - largest);
  const kernels = logs.map(Math.exp);
  const overSpans = (of: (span: number) => number) =>
    Float32Array.from({ length: stride / SPAN }, (_, span) => of(span));
  const spanOf = (all: Float32Array, span: number) => all.subarray(span * SPAN, (span + 1) * SPAN);
  return {
    stride,
    logs,
    kernels,
    sums: overSpans((span) => spanOf(kernels, span).reduce((total, k) => total + k, 0)),
    squares: overSpans((span) => spanOf(kernels, span).reduce((total, k) => total + k * k, 0)),
    maxima: overSpans((span) => Math.max(...spanOf(logs, span))),
  };
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
