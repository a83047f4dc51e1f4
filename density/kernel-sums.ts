import type { InferenceSession } from 'onnxruntime-node';
import { float32Tensor, type SessionOptions, sharedSession } from '../onnx/index.js';
import type { OnProgress } from '../store/index.js';
import { type DensityEstimate, exactly } from './estimate.js';
import { COSINE_ERROR, type Kernel, TOLERANCE } from './kernels.js';
import { countPoints, type Points, tilesOf } from './points.js';
import { beginTileGraph, type PreparedQueries } from './tile-kernel.js';

/** A query's kernel sum relative to exp(`logReference`). */
interface KernelSum {
  logReference: number;
  total: number;
  squares: number;
  /** The largest log kernel, nats. */
  largest: number;
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
 * @returns an estimate a query, or undefined where float32 cannot promise the tolerance: near copies at a small bandwidth
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
  const sums = Array.from(references, (logReference): KernelSum => {
    return { logReference, total: 0, squares: 0, largest: Number.NEGATIVE_INFINITY };
  });
  const n = countPoints(points);
  let done = 0;
  for (const tile of tilesOf(points, TILE_ROWS)) {
    const vectors = float32Tensor(tile.vectors, [tile.rows, dims]);
    for (const { first, prepared } of blocks) {
      const blockSums = sums.slice(first, first + prepared.count);
      while (!(await addTile(session, prepared, vectors, blockSums)));
    }
    done += tile.rows;
    options.onProgress?.({ step: `${kernel.name} density`, done, total: n, unit: 'points' });
  }
  return sums.map((sum) => {
    const error = COSINE_ERROR * kernel.slope(kernel.radius(Math.min(sum.largest, 0), bandwidth), bandwidth);
    if (!(error <= TOLERANCE)) return undefined;
    return {
      ...exactly(sum.logReference + Math.log(sum.total / n)),
      effectiveSamples: sum.total ** 2 / sum.squares,
      sources: [],
      documents: [],
      neighbours: [],
    };
  });
}

/** Adds a tile to the sums of a block; false where a reference had to be moved first and nothing was added. */
async function addTile(
  session: InferenceSession,
  { count, scaled, offset, shift }: PreparedQueries,
  points: InferenceSession.FeedsType[string],
  blockSums: readonly KernelSum[],
): Promise<boolean> {
  blockSums.forEach((sum, q) => {
    shift[q] = -sum.logReference;
  });
  const output = await session.run({
    queries: scaled,
    points,
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
  blockSums.forEach((sum, q) => {
    sum.total += totals![q]!;
    sum.squares += squares![q]!;
    sum.largest = Math.max(sum.largest, maxima![q]! + sum.logReference);
  });
  return true;
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
