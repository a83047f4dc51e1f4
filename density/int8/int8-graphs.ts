import { Graph, type Value } from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import type { IntegerForm } from './integer-form.js';
import { TILE_BLOCKS } from './stretch.js';

/** What a graph computes: sums, sums of squares and maxima of a tile's kernels, maxima block by block, the same and sums by source, or all logs. */
export type Int8Output = 'sums' | 'shares' | 'logs';

/**
 * The graph integer product → distance → exp → sums, as the bytes of an ONNX model. The product and its way back to float32, with a scale and an
 * offset for every point, are one operator. Sums save the operator that clamps squared distances, and are NaN where rounding made
 * one negative.
 *
 * @param fold so many columns, a fold-th of the tile apart, are added before they are squared; divides the number of columns
 */
export function int8Graph(
  kernel: Kernel,
  dims: number,
  form: IntegerForm,
  output: Int8Output,
  fold: number,
): Uint8Array {
  const graph = new Graph(`${kernel.name} int8 ${output}`);
  const logs = kernel.emitLog(graph, scaledProduct(graph, dims, form), shiftOf(graph), output === 'logs');
  if (output === 'logs') graph.output('logs', logs, 'float32', ['queries', 'points']);
  else addReductions(graph, logs, output, fold);
  return graph.serialize();
}

function addReductions(graph: Graph, logs: Value, output: Int8Output, fold: number): void {
  const reduce = (operator: string, values: Value) =>
    graph.op(operator, [values, graph.ints(1)], { keepdims: 0 });
  const kernels = graph.op('Exp', [logs]);
  const folded =
    fold === 1 ? kernels : reduce('ReduceSum', graph.op('Reshape', [kernels, graph.ints(0, fold, -1)]));
  graph.output('totals', reduce('ReduceSum', folded), 'float32', ['queries']);
  const blocks = graph.op('Reshape', [logs, graph.ints(0, TILE_BLOCKS, -1)]);
  const maxima = graph.op('ReduceMax', [blocks, graph.ints(2)], { keepdims: 0 });
  graph.output('maxima', maxima, 'float32', ['queries', TILE_BLOCKS]);
  const squared = graph.op('Mul', [folded, folded]);
  graph.output('squares', reduce('ReduceSum', squared), 'float32', ['queries']);
  if (output !== 'shares') return;
  // 1 where a column's point is of a source.
  const ofSource = graph.input('ofSource', 'float32', ['points', 'sources']);
  const bySource = graph.op('MatMul', [kernels, ofSource]);
  graph.output('bySource', bySource, 'float32', ['queries', 'sources']);
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
