import type { Tape, Variable } from '../tape.js';

/** x·w of x (rows, in) and w (in, out), all three products of its passes as one Gemm each, with no transposed copies. */
export function linear(tape: Tape, x: Variable, w: Variable): Variable {
  const y = tape.op('Gemm', [x.value, w.value]);
  return tape.record([x, w], y, [x.shape[0]!, w.shape[1]!], (dy) => [
    x.differentiable ? tape.op('Gemm', [dy, w.value], { transB: 1 }) : undefined,
    w.differentiable ? tape.op('Gemm', [x.value, dy], { transA: 1 }) : undefined,
  ]);
}
