import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

/** How the rows of activations are laid out as texts. */
export interface TokenShape {
  /** int64 (2): batch, tokens. */
  shape: Value;
  batch: Variable['shape'][number];
  tokens: Variable['shape'][number];
}

/** Cuts (batch·tokens, parts·heads·size) into as many parts of (batch, heads, tokens, size). */
export function splitHeads(
  tape: Tape,
  x: Variable,
  { shape, batch, tokens }: TokenShape,
  parts: number,
  heads: number,
): Variable[] {
  const size = (x.shape[1] as number) / (parts * heads);
  const wide = tape.op('Concat', [shape, tape.graph.ints(parts, heads, size)], { axis: 0 });
  const apart = tape.op('Transpose', [tape.op('Reshape', [x.value, wide])], { perm: [2, 0, 3, 1, 4] });
  const values = tape.graph
    .ops('Split', [apart], parts, { axis: 0, num_outputs: parts })
    .map((part) => tape.op('Squeeze', [part, tape.graph.ints(0)]));
  const outShape = [batch, heads, tokens, size];
  return tape.recordAll(
    [x],
    values,
    values.map(() => outShape),
    (gradients) => {
      const together = tape.op(
        'Concat',
        gradients.map((gradient) => tape.op('Unsqueeze', [gradient, tape.graph.ints(0)])),
        { axis: 0 },
      );
      const back = tape.op('Transpose', [together], { perm: [1, 3, 0, 2, 4] });
      return [tape.op('Reshape', [back, tape.graph.ints(-1, parts * heads * size)])];
    },
  );
}

/** Puts (batch, heads, tokens, size) back into rows of (batch·tokens, heads·size). */
export function mergeHeads(tape: Tape, x: Variable, { shape, batch, tokens }: TokenShape): Variable {
  const [, heads, , size] = x.shape as readonly number[];
  const width = heads! * size!;
  const rows = typeof batch === 'number' && typeof tokens === 'number' ? batch * tokens : 'rows';
  const y = tape.op('Reshape', [
    tape.op('Transpose', [x.value], { perm: [0, 2, 1, 3] }),
    tape.graph.ints(-1, width),
  ]);
  return tape.record([x], y, [rows, width], (dy) => {
    const wide = tape.op('Concat', [shape, tape.graph.ints(heads!, size!)], { axis: 0 });
    return [tape.op('Transpose', [tape.op('Reshape', [dy, wide])], { perm: [0, 2, 1, 3] })];
  });
}
