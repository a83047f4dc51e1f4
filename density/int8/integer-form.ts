import { Graph, int8Tensor, sharedSession, uint8Tensor } from '../../onnx/index.js';

/** How queries are rounded to uint8, so that their products with int8 points are right on a machine. */
export interface IntegerForm {
  bits: 7 | 8;
  /** uint8 that stands for 0: the product of unsigned by signed bytes is the one that x86 has instructions for. */
  zeroPoint: number;
  /** Steps of the largest magnitude: with a dither of up to ½, no rounding leaves the form's range. */
  largest: number;
}

/** The forms by their bits. Two products of 7 bits, 128 · 127 each at most, add up to less than the 2¹⁵ that saturating sums hold. */
export const INTEGER_FORMS: Readonly<Record<IntegerForm['bits'], IntegerForm>> = {
  7: { bits: 7, zeroPoint: 64, largest: 63.49 },
  8: { bits: 8, zeroPoint: 128, largest: 126.99 },
};

const LENGTH = 64;

/**
 * The form that this machine multiplies without saturating: 8 bits, or 7 on processors with AVX2 or AVX-512 but without VNNI, which add pairs
 * of products in 16 bits (onnxruntime.ai, Quantize ONNX models, on U8S8).
 */
export async function integerForm(): Promise<IntegerForm> {
  const session = await sharedSession('saturation of uint8 by int8', productGraph);
  const output = await session.run({
    a: uint8Tensor(new Uint8Array(LENGTH).fill(255), [1, LENGTH]),
    b: int8Tensor(new Int8Array(LENGTH).fill(127), [LENGTH, 1]),
  });
  return INTEGER_FORMS[output.product!.data[0] === 255 * 127 * LENGTH ? 8 : 7];
}

function productGraph(): Uint8Array {
  const graph = new Graph('saturation');
  const a = graph.input('a', 'uint8', [1, LENGTH]);
  const b = graph.input('b', 'int8', [LENGTH, 1]);
  graph.output('product', graph.op('MatMulInteger', [a, b]), 'int32', [1, 1]);
  return graph.serialize();
}
