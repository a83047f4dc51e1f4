import type { Tensor } from 'onnxruntime-node';
import {
  float32Tensor,
  Graph,
  int8Tensor,
  type SessionOptions,
  sharedSession,
  uint8Tensor,
} from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import { SPAN } from '../tile-kernel.js';
import type { QuantisedTile } from './quantised-tile.js';
import { type QueryRoundings, ZERO_POINT } from './query-roundings.js';

/** What `(scale · cos + offset)` is in columns without a point: no kernel is left of it. */
const FAR = 1e30;

/** Kernel values of a block of queries against a tile, valid until the next run; all relative to exp(−shift). */
export interface Int8Values {
  /** `(queries)`: the sums of the kernels and of their squares. */
  totals: Float32Array;
  squares: Float32Array;
  /** `(queries, columns / SPAN)`: the largest log kernel of every `SPAN` columns, nats. */
  maxima: Float32Array;
  /** `(queries, columns)`: log K + shift, nats. */
  logs: Float32Array;
}

/** Multiplies quantised queries by quantised points, and sums the kernels of the products inside the graph. */
export interface Int8Product {
  /** @param shift `(queries)`: −log of the reference that kernel values are relative to, nats */
  run(
    queries: QueryRoundings,
    rounding: number,
    tile: QuantisedTile,
    shift: Float32Array,
  ): Promise<Int8Values>;
}

/**
 * The ONNX graph integer product → distance → exp → sums. The product and its way back to float32, with a scale and an offset for every
 * point, are one operator; uint8 times int8 is what the VNNI instructions multiply.
 */
export async function openInt8Product(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  options: SessionOptions,
): Promise<Int8Product> {
  const name = `${kernel.name} int8 sums, ${dims} dims`;
  const session = await sharedSession(name, () => int8Graph(kernel, dims), options);
  const [scale, offset] = [kernel.scale(bandwidth), kernel.offset(bandwidth)];
  const buffers = new Map<string, Record<string, Tensor>>();
  return {
    async run({ count, scale: queryScale, integers }, rounding, tile, shift) {
      const { columns, filled, scales } = tile;
      const outputs = outputsFor(count, columns);
      await session.run(
        {
          queries: uint8Tensor(integers[rounding]!, [count, dims]),
          points: int8Tensor(tile.integers, [dims, columns]),
          queryScale: float32Tensor(Float32Array.of(scale * queryScale), [1]),
          pointScales: float32Tensor(scales, [columns]),
          offsets: float32Tensor(
            new Float32Array(columns).fill(offset, 0, filled).fill(-Math.sign(scale) * FAR, filled),
            [columns],
          ),
          shift: float32Tensor(shift, [count, 1, 1]),
        },
        outputs,
      );
      const of = (output: string) => outputs[output]!.data as Float32Array;
      return { totals: of('totals'), squares: of('squares'), maxima: of('maxima'), logs: of('logs') };
    },
  };

  function outputsFor(count: number, columns: number): Record<string, Tensor> {
    const key = `${count} ${columns}`;
    const spans = columns / SPAN;
    const zeros = (...shape: number[]) =>
      float32Tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    const outputs = buffers.get(key) ?? {
      totals: zeros(count),
      squares: zeros(count),
      maxima: zeros(count, spans),
      logs: zeros(count, spans, SPAN),
    };
    buffers.set(key, outputs);
    return outputs;
  }
}

function int8Graph(kernel: Kernel, dims: number): Uint8Array {
  const graph = new Graph(`${kernel.name} int8 sums`);
  const queries = graph.input('queries', 'uint8', ['queries', dims]);
  const points = graph.input('points', 'int8', [dims, 'points']);
  const queryScale = graph.input('queryScale', 'float32', [1]);
  const pointScales = graph.input('pointScales', 'float32', ['points']);
  const offsets = graph.input('offsets', 'float32', ['points']);
  const shift = graph.input('shift', 'float32', ['queries', 1, 1]);
  const zeroPoints = [graph.constant(Uint8Array.of(ZERO_POINT), [1]), graph.constant(Int8Array.of(0), [1])];
  const scaled = graph.op(
    'MatMulIntegerToFloat',
    [queries, points, queryScale, pointScales, ...zeroPoints, offsets],
    {},
    'com.microsoft',
  );
  const inSpans = graph.op('Reshape', [scaled, graph.ints(0, -1, SPAN)]);
  const logs = kernel.emitLog(graph, inSpans, shift);
  const kernels = graph.op('Exp', [logs]);
  const sum = (values: typeof kernels) => graph.op('ReduceSum', [values, graph.ints(1, 2)], { keepdims: 0 });
  graph.output('totals', sum(kernels), 'float32', ['queries']);
  graph.output('squares', sum(graph.op('Mul', [kernels, kernels])), 'float32', ['queries']);
  const maxima = graph.op('ReduceMax', [logs, graph.ints(2)], { keepdims: 0 });
  graph.output('maxima', maxima, 'float32', ['queries', 'spans']);
  graph.output('logs', logs, 'float32', ['queries', 'spans', SPAN]);
  return graph.serialize();
}
