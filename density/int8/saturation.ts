import { Graph, int8Tensor, sharedSession, uint8Tensor } from '../../onnx/index.js';

const LENGTH = 64;

/**
 * Whether this machine multiplies uint8 by int8 without saturating. Processors with AVX2 or AVX-512 but without VNNI add pairs of products
 * in 16 bits (onnxruntime.ai, Quantize ONNX models, on U8S8), and sums of large ones come out too small.
 */
export async function multipliesExactly(): Promise<boolean> {
  const session = await sharedSession('saturation of uint8 by int8', productGraph);
  const output = await session.run({
    a: uint8Tensor(new Uint8Array(LENGTH).fill(255), [1, LENGTH]),
    b: int8Tensor(new Int8Array(LENGTH).fill(127), [LENGTH, 1]),
  });
  return output.product!.data[0] === 255 * 127 * LENGTH;
}

function productGraph(): Uint8Array {
  const graph = new Graph('saturation');
  const a = graph.input('a', 'uint8', [1, LENGTH]);
  const b = graph.input('b', 'int8', [LENGTH, 1]);
  graph.output('product', graph.op('MatMulInteger', [a, b]), 'int32', [1, 1]);
  return graph.serialize();
}
