import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../onnx/index.js';
import { type Kernel, unsureWithin } from './kernels.js';

/** Kernels of some rows and some queries. */
export interface RowKernels {
  /** K(x, q) relative to exp of the query's maximum, `(rows, queries)` row-major. */
  kernels: Float32Array;
  /** The largest log K of each query, nats. */
  maxima: Float32Array;
}

/** Computes kernels of rows and queries, `(rows, dims)` and `(queries, dims)` row-major. */
export type ComputeRowKernels = (rows: Float32Array, queries: Float32Array) => Promise<RowKernels>;

/**
 * The ONNX graph Gemm → distance → exp for few queries and many rows: the rows are the left side of the product, which the
 * Gemm reads as it lies, and the few queries the right side, which it has to pack. Kernels of near copies are computed again
 * in float64.
 *
 * @param bandwidth h, in units of distance on the unit sphere
 * @returns takes queries that were multiplied by `kernel.scale(bandwidth)`
 */
export async function openRowKernels(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  options: SessionOptions,
): Promise<ComputeRowKernels> {
  const session = await sharedSession(
    `${kernel.name} rows, ${dims} dims`,
    () => rowGraph(kernel, dims),
    options,
  );
  const offset = float32Tensor(Float32Array.of(kernel.offset(bandwidth)), [1, 1]);
  const shift = float32Tensor(new Float32Array(1), [1, 1]);
  const nearLog = kernel.log(unsureWithin(kernel, bandwidth), bandwidth);
  return async (rows, queries) => {
    const output = await session.run({
      ...{ offset, shift },
      rows: float32Tensor(rows, [rows.length / dims, dims]),
      queries: float32Tensor(queries, [queries.length / dims, dims]),
    });
    const kernels = output.kernels!.data as Float32Array;
    const maxima = output.maxima!.data as Float32Array;
    for (let query = 0; query < maxima.length; query++) {
      if (maxima[query]! > nearLog) sumAgain(rows, queries, query, kernels, maxima);
    }
    return { kernels, maxima };
  };

  /** Replaces the kernels of rows near a query by float64 ones. */
  function sumAgain(
    rows: Float32Array,
    queries: Float32Array,
    query: number,
    kernels: Float32Array,
    maxima: Float32Array,
  ): void {
    const scale = kernel.scale(bandwidth);
    const [count, max] = [maxima.length, maxima[query]!];
    const least = Math.exp(nearLog - max);
    for (let at = query, row = 0; at < kernels.length; at += count, row += dims) {
      if (kernels[at]! < least) continue;
      let squares = 0;
      for (let j = 0; j < dims; j++) squares += (queries[query * dims + j]! / scale - rows[row + j]!) ** 2;
      kernels[at] = Math.exp(kernel.log(Math.sqrt(squares), bandwidth) - max);
    }
  }
}

function rowGraph(kernel: Kernel, dims: number): Uint8Array {
  const graph = new Graph(`${kernel.name} kernel of rows`);
  const rows = graph.input('rows', 'float32', ['rows', dims]);
  const queries = graph.input('queries', 'float32', ['queries', dims]);
  const offset = graph.input('offset', 'float32', [1, 1]);
  const shift = graph.input('shift', 'float32', [1, 1]);
  const scaled = graph.op('Gemm', [rows, queries, offset], { transB: 1 }); // (rows, queries)
  const logs = kernel.emitLog(graph, scaled, shift);
  const maxima = graph.op('ReduceMax', [logs, graph.ints(0)], { keepdims: 1 }); // (1, queries)
  graph.output('kernels', graph.op('Exp', [graph.op('Sub', [logs, maxima])]), 'float32', ['rows', 'queries']);
  graph.output('maxima', maxima, 'float32', [1, 'queries']);
  return graph.serialize();
}
