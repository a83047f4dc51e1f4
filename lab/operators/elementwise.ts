import type { Tape, Variable } from '../tape.js';

/** a + b, of one shape. */
export function add(tape: Tape, a: Variable, b: Variable): Variable {
  return tape.record([a, b], tape.op('Add', [a.value, b.value]), a.shape, (dy) => [dy, dy]);
}

/** Squared ReLU, max(x, 0)² (So et al. 2021, Primer, arXiv 2109.08668): as good as GELU, for two passes over the data. */
export function squaredRelu(tape: Tape, x: Variable): Variable {
  const positive = tape.op('Relu', [x.value]);
  const y = tape.op('Mul', [positive, positive]);
  return tape.record([x], y, x.shape, (dy) => [
    tape.op('Mul', [tape.op('Mul', [dy, positive]), tape.scalar(2)]),
  ]);
}

/** The columns of a and then those of b, both of two dims. */
export function concatColumns(tape: Tape, a: Variable, b: Variable): Variable {
  const widths = [a, b].map(({ shape }) => shape[1] as number);
  const y = tape.op('Concat', [a.value, b.value], { axis: 1 });
  return tape.record([a, b], y, [a.shape[0]!, widths[0]! + widths[1]!], (dy) =>
    tape.graph.ops('Split', [dy, tape.graph.ints(...widths)], 2, { axis: 1 }),
  );
}
