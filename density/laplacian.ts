import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../onnx/index.js';
import type { OnProgress } from '../store/index.js';
import { type DensityEstimate, exactly } from './estimate.js';
import { countPoints, type Points, tilesOf } from './points.js';

/** How a Laplacian density is estimated. */
export interface LaplacianOptions extends SessionOptions {
  /** h, in units of L1 distance, which between unit vectors of many dims is about √(2·dims/π) times the Euclidean. */
  bandwidth: number;
  onProgress?: OnProgress;
}

// Differences of 16 × 64 pairs in up to 1,024 dims stay in the cache between the operators.
const TILE_ROWS = 64;
const TILE_QUERIES = 16;

/** Σk and Σk² relative to exp(`log`) and its square. */
interface LogSum {
  log: number;
  total: number;
  squares: number;
}

/**
 * The exact density of every query with the Laplacian kernel exp(−‖q − x‖₁/h), where ‖·‖₁ is the sum of absolute differences.
 *
 * It is no function of the inner product, so that there is no matrix product to compute it by: every difference of every
 * pair is taken, 10 to 20 times slower than the radial kernels. Sums are relative to each query's largest kernel, and log f is
 * right to about 1e-6 of ‖q − x‖₁/h. Shares and neighbours are not known and left empty.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 * @throws RangeError for a bandwidth that is not a positive number, or queries of other dims
 */
export async function laplacianDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: LaplacianOptions,
): Promise<DensityEstimate[]> {
  const { bandwidth, onProgress } = options;
  const { dims } = points[0]!.reader;
  if (!(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new RangeError(`The bandwidth must be a positive number, not ${bandwidth}.`);
  }
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const session = await sharedSession(`laplacian, ${dims} dims`, () => laplacianGraph(dims), options);
  const count = queries.length / dims;
  const sums = Array.from({ length: count }, (): LogSum => {
    return { log: Number.NEGATIVE_INFINITY, total: 0, squares: 0 };
  });
  const n = countPoints(points);
  const scale = float32Tensor(Float32Array.of(-1 / bandwidth), [1]);
  let done = 0;
  for (const { rows, vectors } of tilesOf(points, TILE_ROWS)) {
    const tile = float32Tensor(vectors, [1, rows, dims]);
    for (let from = 0; from < count; from += TILE_QUERIES) {
      const part = queries.subarray(from * dims, (from + TILE_QUERIES) * dims);
      const output = await session.run({
        queries: float32Tensor(part, [part.length / dims, 1, dims]),
        points: tile,
        scale,
      });
      const [maxima, totals, squares] = ['maxima', 'totals', 'squares'].map(
        (name) => output[name]!.data as Float32Array,
      );
      maxima!.forEach((log, q) => {
        add(sums[from + q]!, { log, total: totals![q]!, squares: squares![q]! });
      });
    }
    done += rows;
    onProgress?.({ step: 'laplacian density', done, total: n, unit: 'points' });
  }
  return sums.map(({ log, total, squares }) => ({
    ...exactly(log + Math.log(total / n)),
    effectiveSamples: total ** 2 / squares,
    sources: [],
    documents: [],
    neighbours: [],
  }));
}

function add(sum: LogSum, other: LogSum): void {
  const log = Math.max(sum.log, other.log);
  const [ours, theirs] = [Math.exp(sum.log - log), Math.exp(other.log - log)];
  sum.total = sum.total * ours + other.total * theirs;
  sum.squares = sum.squares * ours ** 2 + other.squares * theirs ** 2;
  sum.log = log;
}

/** |q − x| summed over dims, and what its exponentials come to over the points, relative to the largest. */
function laplacianGraph(dims: number): Uint8Array {
  const graph = new Graph('laplacian kernel');
  const queries = graph.input('queries', 'float32', ['queries', 1, dims]);
  const points = graph.input('points', 'float32', [1, 'points', dims]);
  const scale = graph.input('scale', 'float32', [1]);
  const differences = graph.op('Abs', [graph.op('Sub', [queries, points])]);
  const distances = graph.op('ReduceSum', [differences, graph.ints(2)], { keepdims: 0 }); // (queries, points)
  const logs = graph.op('Mul', [distances, scale]);
  const maxima = graph.op('ReduceMax', [logs, graph.ints(1)], { keepdims: 1 });
  const kernels = graph.op('Exp', [graph.op('Sub', [logs, maxima])]);
  const sum = (values: typeof kernels) => graph.op('ReduceSum', [values, graph.ints(1)], { keepdims: 0 });
  graph.output('maxima', maxima, 'float32', ['queries', 1]);
  graph.output('totals', sum(kernels), 'float32', ['queries']);
  graph.output('squares', sum(graph.op('Mul', [kernels, kernels])), 'float32', ['queries']);
  return graph.serialize();
}
