import type { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  float32Tensor,
  Graph,
  int8Tensor,
  type SessionOptions,
  sharedSession,
  uint8Tensor,
  type Value,
} from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import type { QuantisedTile } from './quantised-tile.js';
import { type QueryRoundings, ZERO_POINT } from './query-roundings.js';

/** What `scale · cos + offset` is in columns without a point: no kernel is left of it. */
const FAR = 1e30;

/** Sums over the kernels of a tile, relative to exp(−shift). */
export interface TileSums {
  /** `(queries)`: the sums of the kernels and of their squares. */
  totals: Float32Array;
  squares: Float32Array;
  /** `(queries)`: the largest log kernel, nats. */
  maxima: Float32Array;
}

/** Multiplies quantised queries by quantised points, and takes the kernels of the products. */
export interface Int8Product {
  /** @param shift `(queries)`: −log of the reference that kernel values are relative to, nats */
  sums(
    queries: QueryRoundings,
    rounding: number,
    tile: QuantisedTile,
    shift: Float32Array,
  ): Promise<TileSums>;
  /**
   * The logs of all kernels, `(chosen, columns)`, in nats: slower, as onnxruntime-node copies every output.
   *
   * @param chosen the queries to take
   */
  logs(
    queries: QueryRoundings,
    rounding: number,
    tile: QuantisedTile,
    chosen: readonly number[],
  ): Promise<Float32Array>;
}

/**
 * The ONNX graph integer product → distance → exp → sums. The product and its way back to float32, with a scale and an offset for
 * every point, are one operator.
 */
export async function openInt8Product(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  options: SessionOptions,
): Promise<Int8Product> {
  const open = (what: string, model: () => Uint8Array) =>
    sharedSession(`${kernel.name} int8 ${what}, ${dims} dims`, model, options);
  const sumSession = await open('sums', () => sumGraph(kernel, dims));
  const logSession = await open('logs', () => logGraph(kernel, dims));
  const scale = kernel.scale(bandwidth);
  const queryScale = float32Tensor(new Float32Array(1), [1]);
  return {
    async sums({ integers, scale, count }, rounding, tile, shift) {
      const shiftTensor = float32Tensor(shift, [count, 1]);
      const output = await sumSession.run(feedsOf(integers[rounding]!, scale, tile, shiftTensor));
      const of = (name: string) => output[name]!.data as Float32Array;
      return { totals: of('totals'), squares: of('squares'), maxima: of('maxima') };
    },
    async logs({ integers, scale }, rounding, tile, chosen) {
      const all = integers[rounding]!.data as Uint8Array;
      const rows = new Uint8Array(chosen.length * dims);
      for (const [i, q] of chosen.entries()) rows.set(all.subarray(q * dims, (q + 1) * dims), i * dims);
      const shift = float32Tensor(new Float32Array(chosen.length), [chosen.length, 1]);
      const output = await logSession.run(
        feedsOf(uint8Tensor(rows, [chosen.length, dims]), scale, tile, shift),
      );
      return output.logs!.data as Float32Array;
    },
  };

  function feedsOf(
    queries: Tensor,
    scaleOfQueries: number,
    tile: QuantisedTile,
    shift: Tensor,
  ): InferenceSession.FeedsType {
    const factor = scale * scaleOfQueries;
    (queryScale.data as Float32Array)[0] = factor;
    return {
      queries,
      points: int8Tensor(tile.integers, [dims, tile.columns]),
      queryScale,
      pointScales: float32Tensor(tile.scales, [tile.columns]),
      offsets: offsetsOf(tile, factor),
      shift,
    };
  }

  /** What is added to a product: the kernel's offset, less the dither that queries were rounded with. */
  function offsetsOf({ columns, filled, scales, dithers }: QuantisedTile, factor: number): Tensor {
    const offset = kernel.offset(bandwidth);
    const offsets = new Float32Array(columns).fill(-Math.sign(scale) * FAR, filled);
    for (let i = 0; i < filled; i++) offsets[i] = offset - factor * scales[i]! * dithers[i]!;
    return float32Tensor(offsets, [columns]);
  }
}

function sumGraph(kernel: Kernel, dims: number): Uint8Array {
  const { graph, logs } = beginGraph(kernel, dims);
  const kernels = graph.op('Exp', [logs]);
  const reduce = (operator: string, values: Value) =>
    graph.op(operator, [values, graph.ints(1)], { keepdims: 0 });
  graph.output('totals', reduce('ReduceSum', kernels), 'float32', ['queries']);
  const squared = graph.op('Mul', [kernels, kernels]);
  graph.output('squares', reduce('ReduceSum', squared), 'float32', ['queries']);
  graph.output('maxima', reduce('ReduceMax', logs), 'float32', ['queries']);
  return graph.serialize();
}

function logGraph(kernel: Kernel, dims: number): Uint8Array {
  const { graph, logs } = beginGraph(kernel, dims);
  graph.output('logs', logs, 'float32', ['queries', 'points']);
  return graph.serialize();
}

/** From integers to log kernels, `(queries, points)`. */
function beginGraph(kernel: Kernel, dims: number): { graph: Graph; logs: Value } {
  const graph = new Graph(`${kernel.name} int8`);
  const queries = graph.input('queries', 'uint8', ['queries', dims]);
  const points = graph.input('points', 'int8', [dims, 'points']);
  const queryScale = graph.input('queryScale', 'float32', [1]);
  const pointScales = graph.input('pointScales', 'float32', ['points']);
  const offsets = graph.input('offsets', 'float32', ['points']);
  const shift = graph.input('shift', 'float32', ['queries', 1]);
  const zeroPoints = [graph.constant(Uint8Array.of(ZERO_POINT), [1]), graph.constant(Int8Array.of(0), [1])];
  const scaled = graph.op(
    'MatMulIntegerToFloat',
    [queries, points, queryScale, pointScales, ...zeroPoints, offsets],
    {},
    'com.microsoft',
  );
  return { graph, logs: kernel.emitLog(graph, scaled, shift) };
}
