import type { Tensor } from 'onnxruntime-node';
import { float32Tensor, Graph, openSession } from '../onnx/index.js';
import type { Kernel } from './kernels.js';

/** A block of queries made ready for a kernel and a bandwidth. */
export interface PreparedQueries {
  count: number;
  scaled: Tensor;
  offset: Tensor;
  /** (count, 1): −log of the reference that kernel values are relative to, nats; may be changed between runs. */
  shift: Float32Array;
}

/** The kernel values of a block of queries against a tile of points, valid until the next run. */
export interface TileValues {
  /** K(q, x)·exp(shift), `(queries, points)` row-major. */
  kernels: Float32Array;
  /** The largest of each query's, `(queries)`. */
  maxima: Float32Array;
  /** The sum of squares of each query's, `(queries)`. */
  squares: Float32Array;
}

/** Computes kernel values of a block of queries against a tile of points. */
export interface TileKernel {
  /** @param queries `(count, dims)` row-major unit vectors */
  prepare(queries: Float32Array): PreparedQueries;
  /** @param points `(rows, dims)` row-major unit vectors */
  run(queries: PreparedQueries, points: Float32Array): Promise<TileValues>;
  release(): Promise<void>;
}

/**
 * Opens the ONNX graph Gemm → distance → exp for one kernel, bandwidth and number of dims.
 *
 * @param bandwidth h, in units of distance on the unit sphere
 */
export async function openTileKernel(kernel: Kernel, bandwidth: number, dims: number): Promise<TileKernel> {
  const session = await openSession(tileGraph(kernel, dims));
  let output = new Float32Array(0);
  return {
    prepare(queries) {
      const count = queries.length / dims;
      const scale = kernel.scale(bandwidth);
      return {
        count,
        scaled: float32Tensor(
          queries.map((x) => x * scale),
          [count, dims],
        ),
        offset: float32Tensor(new Float32Array(count).fill(kernel.offset(bandwidth)), [count, 1]),
        shift: new Float32Array(count),
      };
    },
    async run({ count, scaled, offset, shift }, points) {
      const rows = points.length / dims;
      const size = count * rows;
      if (output.length < size) output = new Float32Array(size);
      const kernels = output.subarray(0, size);
      const maxima = new Float32Array(count);
      const squares = new Float32Array(count);
      await session.run(
        {
          queries: scaled,
          points: float32Tensor(points, [rows, dims]),
          offset,
          shift: float32Tensor(shift, [count, 1]),
        },
        {
          kernels: float32Tensor(kernels, [count, rows]),
          maxima: float32Tensor(maxima, [count]),
          squares: float32Tensor(squares, [count]),
        },
      );
      return { kernels, maxima, squares };
    },
    release: () => session.release(),
  };
}

function tileGraph(kernel: Kernel, dims: number): Uint8Array {
  const graph = new Graph(`${kernel.name} kernel`);
  const queries = graph.input('queries', 'float32', ['queries', dims]);
  const points = graph.input('points', 'float32', ['points', dims]);
  const offset = graph.input('offset', 'float32', ['queries', 1]);
  const shift = graph.input('shift', 'float32', ['queries', 1]);
  const scaled = graph.op('Gemm', [queries, points, offset], { transB: 1 }); // (queries, points)
  const kernels = kernel.emit(graph, scaled, shift);
  graph.output('kernels', kernels, 'float32', ['queries', 'points']);
  const maxima = graph.op('ReduceMax', [kernels, graph.ints(1)], { keepdims: 0 });
  graph.output('maxima', maxima, 'float32', ['queries']);
  const squares = graph.op('ReduceSumSquare', [kernels, graph.ints(1)], { keepdims: 0 });
  graph.output('squares', squares, 'float32', ['queries']);
  return graph.serialize();
}
