import { Graph, type Value } from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import type { IntegerForm } from './integer-form.js';

/** What a graph computes: sums and maxima of a tile's kernels, the sums of their squares beside them, or all logs. */
export type Int8Output = 'sums' | 'squares' | 'logs';

/**
 * The graph integer product → distance → exp → sums, as the bytes of an ONNX model. The product and its way back to float32, with a scale and an
 * offset for every point, are one operator. Sums save the operator that clamps squared distances, and are NaN where rounding made
 * one negative.
 */
export function int8Graph(kernel: Kernel, dims: number, form: IntegerForm, output: Int8Output): Uint8Array {
  const graph = new Graph(`${kernel.name} int8 ${output}`);
  const logs = kernel.emitLog(graph, scaledProduct(graph, dims, form), shiftOf(graph), output === 'logs');
  if (output === 'logs') graph.output('logs', logs, 'float32', ['queries', 'points']);
  else addReductions(graph, logs, output === 'squares');
  return graph.serialize();
}

function addReductions(graph: Graph, logs: Value, squared: boolean): void {
  const reduced = (name: string, operator: string, values: Value) => {
    graph.output(name, graph.op(operator, [values, graph.ints(1)], { keepdims: 0 }), 'float32', ['queries']);
  };
  const kernels = graph.op('Exp', [logs]);
  reduced('totals', 'ReduceSum', kernels);
  reduced('maxima', 'ReduceMax', logs);
  if (squared) reduced('squares', 'ReduceSum', graph.op('Mul', [kernels, kernels]));
}

/** `scale · cos + offset`, `(queries, points)`. */
function scaledProduct(graph: Graph, dims: number, { zeroPoint }: IntegerForm): Value {
  const queries = graph.input('queries', 'uint8', ['queries', dims]);
  const points = graph.input('points', 'int8', [dims, 'points']);
  const queryScale = graph.input('queryScale', 'float32', [1]);
  const pointScales = graph.input('pointScales', 'float32', ['points']);
  const offsets = graph.input('offsets', 'float32', ['points']);
  const zeroPoints = [graph.constant(Uint8Array.of(zeroPoint), [1]), graph.constant(Int8Array.of(0), [1])];
  return graph.op(
    'MatMulIntegerToFloat',
    [queries, points, queryScale, pointScales, ...zeroPoints, offsets],
    {},
    'com.microsoft',
  );
}

const shiftOf = (graph: Graph) => graph.input('shift', 'float32', ['queries', 1]);
