import { float32Tensor, Graph, sharedSession } from '../../onnx/index.js';

/** The nearest landmarks of some vectors. */
export interface NearestLandmarks {
  /** `(rows, k)`, nearest first. */
  landmarks: Int32Array;
  /** On the unit sphere, `(rows, k)`. */
  distances: Float32Array;
}

/** Products of this many rows with all landmarks are held at a time. */
export const ROWS = 1024;

/**
 * Finds the k nearest of `(landmarks, dims)` row-major unit vectors for up to `ROWS` others, by one matrix product.
 *
 * @param vectors `(rows, dims)` row-major unit vectors
 */
export async function nearestLandmarks(
  vectors: Float32Array,
  landmarks: Float32Array,
  { dims, k }: { dims: number; k: number },
): Promise<NearestLandmarks> {
  const session = await sharedSession(`${k} nearest landmarks`, () => nearestGraph(k));
  const found = await session.run({
    rows: float32Tensor(vectors, [vectors.length / dims, dims]),
    landmarks: float32Tensor(landmarks, [landmarks.length / dims, dims]),
  });
  const products = found.products!.data as Float32Array;
  return {
    landmarks: found.nearest!.data as Int32Array,
    distances: products.map((product) => Math.sqrt(Math.max(0, 2 - 2 * product))),
  };
}

function nearestGraph(k: number): Uint8Array {
  const graph = new Graph('nearest landmarks');
  const rows = graph.input('rows', 'float32', ['rows', 'dims']);
  const landmarks = graph.input('landmarks', 'float32', ['landmarks', 'dims']);
  // (rows, landmarks)
  const products = graph.op('Gemm', [rows, landmarks], { transB: 1 });
  const [values, nearest] = graph.ops('TopK', [products, graph.ints(k)], 2, { axis: 1, largest: 1 });
  graph.output('products', values!, 'float32', ['rows', k]);
  graph.output('nearest', graph.op('Cast', [nearest!], { to: INT32 }), 'int32', ['rows', k]);
  return graph.serialize();
}

/** ONNX's number for the element type. */
const INT32 = 6;
