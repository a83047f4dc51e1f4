import type { Value } from '../../onnx/index.js';
import type { Tape, Variable } from '../tape.js';

/** Attends only to the keys with the largest scores, at most this many; not differentiated. */
export interface TopKeys {
  /** int64 (1). */
  keys: Value;
  /** Gets, of every attention, the weight that full attention gives to these keys, (batch, heads, tokens). */
  masses?: Value[];
}

/**
 * Softmax(q·kᵀ/√size + mask)·v of (batch, heads, tokens, size), the mask (…, tokens, keys) 0 or −∞.
 *
 * The reverse needs no derivative of the softmax's matrix: with P its result and O the output, dS = P∘(dP − rowsum(dO∘O)) (Dao et al. 2022,
 * FlashAttention, arXiv 2205.14135, appendix B.2).
 */
export function attention(
  tape: Tape,
  q: Variable,
  k: Variable,
  v: Variable,
  mask: Value,
  top?: TopKeys,
): Variable {
  const scale = 1 / Math.sqrt(q.shape[3] as number);
  const scores = tape.op('Add', [product(tape, q.value, k.value, { transB: true, scale }), mask]);
  const weights = tape.op('Softmax', [top ? onlyTop(tape, scores, top) : scores], { axis: -1 });
  const y = tape.op('MatMul', [weights, v.value]);
  return tape.record([q, k, v], y, q.shape, (dy) => {
    const dweights = product(tape, dy, v.value, { transB: true });
    const sums = tape.op('ReduceSum', [tape.op('Mul', [dy, y]), tape.graph.ints(-1)], { keepdims: 1 });
    const dscores = tape.op('Mul', [weights, tape.op('Sub', [dweights, sums])]);
    return [
      product(tape, dscores, k.value, { scale }),
      product(tape, dscores, q.value, { transA: true, scale }),
      product(tape, weights, dy, { transA: true }),
    ];
  });
}

function onlyTop(tape: Tape, scores: Value, { keys, masses }: TopKeys): Value {
  const [values] = tape.graph.ops('TopK', [scores, keys], 2, { axis: -1, largest: 1, sorted: 0 });
  const least = tape.op('ReduceMin', [values!, tape.graph.ints(-1)], { keepdims: 1 });
  const isLess = tape.op('Less', [scores, least]);
  const left = tape.op('Where', [isLess, tape.scalar(0), tape.op('Softmax', [scores], { axis: -1 })]);
  masses?.push(tape.op('ReduceSum', [left, tape.graph.ints(-1)], { keepdims: 0 }));
  return tape.op('Where', [isLess, tape.scalar(Number.NEGATIVE_INFINITY), scores]);
}

interface ProductOptions {
  transA?: boolean;
  transB?: boolean;
  scale?: number;
}

function product(
  tape: Tape,
  a: Value,
  b: Value,
  { transA = false, transB = false, scale = 1 }: ProductOptions,
) {
  if (tape.precision === 'float32') {
    const attributes = { transA: Number(transA), transB: Number(transB), alpha: { float: scale } };
    return tape.fused('FusedMatMul', [a, b], attributes);
  }
  const turned = (x: Value, isTurned: boolean) =>
    isTurned ? tape.op('Transpose', [x], { perm: [0, 1, 3, 2] }) : x;
  const y = tape.op('MatMul', [turned(a, transA), turned(b, transB)]);
  return scale === 1 ? y : tape.op('Mul', [y, tape.scalar(scale)]);
}
