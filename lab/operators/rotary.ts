import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

const BASE = 10_000;

/**
 * Turns x (batch, heads, tokens, size) by its positions, int64 (batch, tokens), as pairs of its two halves (RoFormer, Su et al. 2021,
 * arXiv 2104.09864, eq. 34). The reverse of a rotation is the rotation back.
 */
export function rotary(tape: Tape, x: Variable, positions: Value, context: number): Variable {
  const size = x.shape[3] as number;
  const angles = Float64Array.from({ length: (context * size) / 2 }, (_, i) => {
    const position = Math.floor(i / (size / 2));
    return position / BASE ** ((2 * (i % (size / 2))) / size);
  });
  const table = (of: (angle: number) => number) => tape.constant(angles.map(of), [context, size / 2]);
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const y = rotate(tape, x.value, positions, cos, sin);
  return tape.record([x], y, x.shape, (dy) => [
    rotate(
      tape,
      dy,
      positions,
      cos,
      table((angle) => -Math.sin(angle)),
    ),
  ]);
}

function rotate(tape: Tape, x: Value, positions: Value, cos: Value, sin: Value): Value {
  if (tape.precision === 'float32') return tape.fused('RotaryEmbedding', [x, positions, cos, sin]);
  const [a, b] = tape.graph.ops('Split', [x], 2, { axis: -1, num_outputs: 2 });
  // (batch, tokens, size/2) to (batch, 1, tokens, size/2)
  const [c, s] = [cos, sin].map((table) =>
    tape.op('Unsqueeze', [tape.op('Gather', [table, positions], { axis: 0 }), tape.graph.ints(1)]),
  );
  const first = tape.op('Sub', [tape.op('Mul', [a!, c!]), tape.op('Mul', [b!, s!])]);
  const second = tape.op('Add', [tape.op('Mul', [b!, c!]), tape.op('Mul', [a!, s!])]);
  return tape.op('Concat', [first, second], { axis: -1 });
}
