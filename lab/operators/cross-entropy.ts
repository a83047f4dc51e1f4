import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

/** What a model pays for the tokens that came. */
export interface CrossEntropy {
  /** Σ weight·loss, a scalar. */
  loss: Variable;
  /** (rows), nats. */
  losses: Value;
  /** (rows, vocabulary) */
  logits: Value;
}

/** The least probability that float32 holds as a normal number. */
const SMALLEST = 1.2e-38;

/**
 * Cross entropy of the targets under softmax(x·tableᵀ), the table (vocabulary, dims) being that of the embedding too (Press & Wolf 2017, arXiv
 * 1608.05859). x is (rows, dims), targets int64 (rows), weights (rows): 0 leaves a token out.
 *
 * Neither one-hot targets nor gradients of logits are made: with P the softmax and w the weights, dx = w∘(P·E − E[target]) and
 * dE = Pᵀ·(w∘x), less w∘x at the rows of the targets.
 */
export function crossEntropy(
  tape: Tape,
  x: Variable,
  table: Variable,
  targets: Value,
  weights: Value,
): CrossEntropy {
  const column = (value: Value) => tape.op('Unsqueeze', [value, tape.graph.ints(1)]);
  const logits = tape.op('Gemm', [x.value, table.value], { transB: 1 });
  const probabilities = tape.op('Softmax', [logits], { axis: -1 });
  const chosen = tape.op('GatherElements', [probabilities, column(targets)], { axis: 1 });
  const log = tape.op('Log', [tape.op('Max', [chosen, tape.scalar(SMALLEST)])]);
  const losses = tape.op('Squeeze', [tape.op('Neg', [log]), tape.graph.ints(1)]);
  const sum = tape.op('ReduceSum', [tape.op('Mul', [losses, weights])], { keepdims: 0 });
  const loss = tape.record([x, table], sum, [], () => {
    const w = column(weights);
    const expected = tape.op('Gemm', [probabilities, table.value]);
    const came = tape.op('Gather', [table.value, targets], { axis: 0 });
    const dx = tape.op('Mul', [w, tape.op('Sub', [expected, came])]);
    const wx = tape.op('Mul', [w, x.value]);
    tape.addRows(table, targets, tape.op('Neg', [wx]));
    return [dx, tape.op('Gemm', [probabilities, wx], { transA: 1 })];
  });
  return { loss, losses, logits };
}
