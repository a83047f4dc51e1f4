import type { Tensor } from 'onnxruntime-node';
import { float32Tensor, Graph, type SessionOptions, sharedSession, type Value } from '../onnx/index.js';
import type { Kernel } from './kernels.js';

const EMPTY = new Float32Array(0);

/** A block of queries made ready for a kernel and a bandwidth. */
export interface PreparedQueries {
  count: number;
  scaled: Tensor;
  offset: Tensor;
  /** (count, 1): −log of the reference that kernel values are relative to, nats; may be changed between runs. */
  shift: Float32Array;
}

/** Columns that are summed together inside the graph. */
export const SPAN = 32;

/**
 * The kernel values of a block of queries against a tile of points, valid until the next run. Rows have `stride`
 * columns, a multiple of `SPAN`; those behind the tile's points mean nothing.
 */
export interface TileValues {
  stride: number;
  /** log K(q, x) + shift in nats, `(queries, stride)` row-major. */
  logs: Float32Array;
  /** The exponentials of `logs`; infinite where that overflows. */
  kernels: Float32Array;
  /** For every `SPAN` columns, `(queries, stride / SPAN)`: the sum and the sum of squares of `kernels`, the largest of `logs`. */
  sums: Float32Array;
  squares: Float32Array;
  maxima: Float32Array;
}

/** Computes kernel values of a block of queries against a tile of points. */
export interface TileKernel {
  /** @param queries `(count, dims)` row-major unit vectors */
  prepare(queries: Float32Array): PreparedQueries;
  /** @param points `(rows, dims)` row-major unit vectors; the number of rows is a multiple of `SPAN` */
  run(queries: PreparedQueries, points: Float32Array): Promise<TileValues>;
}

/**
 * The ONNX graph Gemm → distance → exp for one kernel, bandwidth and number of dims.
 *
 * @param bandwidth h, in units of distance on the unit sphere
 */
export async function openTileKernel(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  options: SessionOptions = {},
): Promise<TileKernel> {
  const session = await sharedSession(
    `${kernel.name} tile, ${dims} dims`,
    () => tileGraph(kernel, dims),
    options,
  );
  let outputs = { logs: EMPTY, kernels: EMPTY, sums: EMPTY, squares: EMPTY, maxima: EMPTY };
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
      const stride = points.length / dims;
      const spans = stride / SPAN;
      if (outputs.logs.length < count * stride) {
        const [wide, narrow] = [
          () => new Float32Array(count * stride),
          () => new Float32Array(count * spans),
        ];
        outputs = { logs: wide(), kernels: wide(), sums: narrow(), squares: narrow(), maxima: narrow() };
      }
      const wide = (values: Float32Array) =>
        float32Tensor(values.subarray(0, count * stride), [count, stride]);
      const narrow = (values: Float32Array) =>
        float32Tensor(values.subarray(0, count * spans), [count, spans]);
      await session.run(
        {
          queries: scaled,
          points: float32Tensor(points, [stride, dims]),
          offset,
          shift: float32Tensor(shift, [count, 1]),
        },
        {
          logs: wide(outputs.logs),
          kernels: wide(outputs.kernels),
          sums: narrow(outputs.sums),
          squares: narrow(outputs.squares),
          maxima: narrow(outputs.maxima),
        },
      );
      return { stride, ...outputs };
    },
  };
}

function tileGraph(kernel: Kernel, dims: number): Uint8Array {
  const { graph, logs, kernels } = beginTileGraph(kernel, dims);
  const spans = (values: Value) => graph.op('Reshape', [values, graph.ints(0, -1, SPAN)]);
  const reduce = (operator: string, values: Value) =>
    graph.op(operator, [spans(values), graph.ints(2)], { keepdims: 0 });
  graph.output('logs', logs, 'float32', ['queries', 'points']);
  graph.output('kernels', kernels, 'float32', ['queries', 'points']);
  graph.output('sums', reduce('ReduceSum', kernels), 'float32', ['queries', 'spans']);
  const squared = graph.op('Mul', [kernels, kernels]);
  graph.output('squares', reduce('ReduceSum', squared), 'float32', ['queries', 'spans']);
  graph.output('maxima', reduce('ReduceMax', logs), 'float32', ['queries', 'spans']);
  return graph.serialize();
}

/** The part that all graphs of a tile share: from queries and points to kernels and their logs. */
export function beginTileGraph(kernel: Kernel, dims: number): { graph: Graph; logs: Value; kernels: Value } {
  const graph = new Graph(`${kernel.name} kernel`);
  const queries = graph.input('queries', 'float32', ['queries', dims]);
  const points = graph.input('points', 'float32', ['points', dims]);
  const offset = graph.input('offset', 'float32', ['queries', 1]);
  const shift = graph.input('shift', 'float32', ['queries', 1]);
  const scaled = graph.op('Gemm', [queries, points, offset], { transB: 1 }); // (queries, points)
  const logs = kernel.emitLog(graph, scaled, shift);
  const kernels = graph.op('Exp', [logs]);
  return { graph, logs, kernels };
}
