import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

/** The rows of a table (entries, dims) by int64 ids (rows). */
export function embedding(
  tape: Tape,
  table: Variable,
  ids: Value,
  rows: Variable['shape'][number],
): Variable {
  const y = tape.op('Gather', [table.value, ids], { axis: 0 });
  return tape.record([table], y, [rows, table.shape[1]!], (dy) => {
    tape.addRows(table, ids, dy);
    return [undefined];
  });
}
