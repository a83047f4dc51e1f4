import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

const EPSILON = 1e-5;

/** Root-mean-square normalisation of the rows of x (rows, dims), times a gain (dims) (Zhang & Sennrich 2019, arXiv 1910.07467, eq. 4). */
export function rmsNorm(tape: Tape, x: Variable, gain: Variable): Variable {
  const { y, inverse } = forward(tape, x.value, gain.value);
  return tape.record([x, gain], y, x.shape, (dy) => {
    // With r the inverse deviation and n = r·x: dx = r·(g∘dy − n·mean(n∘g∘dy)).
    const n = tape.op('Mul', [x.value, inverse]);
    const scaled = tape.op('Mul', [dy, gain.value]);
    const mean = tape.op('ReduceMean', [tape.op('Mul', [n, scaled]), tape.graph.ints(-1)], { keepdims: 1 });
    const dx = tape.op('Mul', [tape.op('Sub', [scaled, tape.op('Mul', [n, mean])]), inverse]);
    const dgain = tape.op('ReduceSum', [tape.op('Mul', [n, dy]), tape.graph.ints(0)], { keepdims: 0 });
    return [dx, dgain];
  });
}

function forward(tape: Tape, x: Value, gain: Value): { y: Value; inverse: Value } {
  if (tape.precision === 'float32') {
    const attributes = { axis: -1, epsilon: { float: EPSILON }, stash_type: 1 };
    const [y, inverse] = tape.graph.ops('SimplifiedLayerNormalization', [x, gain], 2, attributes);
    return { y: y!, inverse: inverse! };
  }
  const square = tape.op('ReduceMean', [tape.op('Mul', [x, x]), tape.graph.ints(-1)], { keepdims: 1 });
  const inverse = tape.op('Reciprocal', [tape.op('Sqrt', [tape.op('Add', [square, tape.scalar(EPSILON)])])]);
  return { y: tape.op('Mul', [tape.op('Mul', [x, inverse]), gain]), inverse };
}
