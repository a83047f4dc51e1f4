import type { InferenceSession } from 'onnxruntime-node';
import { float32Tensor, type SessionOptions, sharedSession } from '../onnx/index.js';
import type { OnProgress } from '../store/index.js';
import { type DensityEstimate, exactly } from './estimate.js';
import { COSINE_ERROR, type Kernel, TOLERANCE, unsureWithin } from './kernels.js';
import { countPoints, type Points, tilesOf } from './points.js';
import { type ComputeRowKernels, openRowKernels } from './row-kernels.js';
import { beginTileGraph, type PreparedQueries } from './tile-kernel.js';

/** A query's kernel sum relative to exp(`logReference`). */
interface KernelSum {
  logReference: number;
  total: number;
  squares: number;
}

/** A block of queries, and the number of its first. */
export interface QueryBlock {
  first: number;
  prepared: PreparedQueries;
}

const TILE_ROWS = 1024;
/** Where a log kernel exceeds the reference by this, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;

/**
 * The densities alone, without shares or neighbours: everything is summed inside the graph.
 *
 * @param references log kernels to begin with, one a query
 * @returns an estimate a query, or undefined where float32 cannot promise the tolerance: a gaussian of a small bandwidth
 */
export async function sumKernels(
  blocks: readonly QueryBlock[],
  references: Float64Array,
  points: readonly Points[],
  options: SessionOptions & { kernel: Kernel; bandwidth: number; onProgress?: OnProgress | undefined },
): Promise<(DensityEstimate | undefined)[]> {
  const { kernel, bandwidth } = options;
  const { dims } = points[0]!.reader;
  const session = await sharedSession(
    `${kernel.name} sums, ${dims} dims`,
    () => sumGraph(kernel, dims),
    options,
  );
  const near = unsureWithin(kernel, bandwidth);
  const again = {
    beyond: kernel.log(near, bandwidth),
    compute: await openRowKernels(kernel, bandwidth, dims, options),
  };
  // What no point beyond the near ones can promise, no query can.
  if (COSINE_ERROR * kernel.slope(near, bandwidth) > TOLERANCE)
    return Array.from(references, () => undefined);
  const sums = Array.from(references, (logReference): KernelSum => ({ logReference, total: 0, squares: 0 }));
  const n = countPoints(points);
  let done = 0;
  for (const tile of tilesOf(points, TILE_ROWS)) {
    for (const { first, prepared } of blocks) {
      const blockSums = sums.slice(first, first + prepared.count);
      while (!(await addTile(session, prepared, tile.vectors, blockSums, again)));
    }
    done += tile.rows;
    options.onProgress?.({ step: `${kernel.name} density`, done, total: n, unit: 'points' });
  }
  return sums.map((sum) => ({
    ...exactly(sum.logReference + Math.log(sum.total / n)),
    effectiveSamples: sum.total ** 2 / sum.squares,
    sources: [],
    documents: [],
    neighbours: [],
  }));
}

/** How kernels are computed again where a query's largest log kernel is beyond one. */
interface Again {
  beyond: number;
  compute: ComputeRowKernels;
}

/** Adds a tile to the sums of a block; false where a reference had to be moved first and nothing was added. */
async function addTile(
  session: InferenceSession,
  { count, scaled, offset, shift }: PreparedQueries,
  vectors: Float32Array,
  blockSums: readonly KernelSum[],
  again: Again,
): Promise<boolean> {
  const dims = scaled.dims[1]!;
  blockSums.forEach((sum, q) => {
    shift[q] = -sum.logReference;
  });
  const output = await session.run({
    queries: scaled,
    points: float32Tensor(vectors, [vectors.length / dims, dims]),
    offset,
    shift: float32Tensor(shift, [count, 1]),
  });
  const [totals, squares, maxima] = ['totals', 'squares', 'maxima'].map(
    (name) => output[name]!.data as Float32Array,
  );
  const far = blockSums.filter((_, q) => maxima![q]! >= OVERFLOW);
  if (far.length > 0) {
    blockSums.forEach((sum, q) => {
      if (maxima![q]! >= OVERFLOW) rebase(sum, sum.logReference + maxima![q]!);
    });
    return false;
  }
  const near: number[] = [];
  blockSums.forEach((sum, q) => {
    if (maxima![q]! + sum.logReference > again.beyond) near.push(q);
    else {
      sum.total += totals![q]!;
      sum.squares += squares![q]!;
    }
  });
  await addNear(near, scaled.data as Float32Array, vectors, blockSums, again);
  return true;
}

/** Adds a tile to the sums of queries that have near copies in it. */
async function addNear(
  near: readonly number[],
  scaled: Float32Array,
  vectors: Float32Array,
  blockSums: readonly KernelSum[],
  { compute }: Again,
): Promise<void> {
  if (near.length === 0) return;
  const dims = scaled.length / blockSums.length;
  const queries = new Float32Array(near.length * dims);
  near.forEach((q, at) => {
    queries.set(scaled.subarray(q * dims, (q + 1) * dims), at * dims);
  });
  const { kernels, maxima } = await compute(vectors, queries);
  near.forEach((q, at) => {
    const sum = blockSums[q]!;
    const factor = Math.exp(maxima[at]! - sum.logReference);
    for (let i = at; i < kernels.length; i += near.length) {
      sum.total += factor * kernels[i]!;
      sum.squares += (factor * kernels[i]!) ** 2;
    }
  });
}

function rebase(sum: KernelSum, logReference: number): void {
  const factor = Math.exp(sum.logReference - logReference);
  sum.total *= factor;
  sum.squares *= factor * factor;
  sum.logReference = logReference;
}

function sumGraph(kernel: Kernel, dims: number): Uint8Array {
  const { graph, logs, kernels } = beginTileGraph(kernel, dims);
  const axis = graph.ints(1);
  const squared = graph.op('Mul', [kernels, kernels]);
  graph.output('totals', graph.op('ReduceSum', [kernels, axis], { keepdims: 0 }), 'float32', ['queries']);
  graph.output('squares', graph.op('ReduceSum', [squared, axis], { keepdims: 0 }), 'float32', ['queries']);
  graph.output('maxima', graph.op('ReduceMax', [logs, axis], { keepdims: 0 }), 'float32', ['queries']);
  return graph.serialize();
}
