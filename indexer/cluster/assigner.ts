import { float32Tensor, Graph, int32Tensor, sharedSession } from '../../onnx/index.js';

/** onnx.TensorProto.DataType.INT32 */
const INT32 = 6;

/** Finds the nearest centroid of rows. */
export interface Assigner {
  /**
   * Finds for every row the centroid of the largest inner product, the first of equals.
   *
   * @param rows `(rows, dims)` row-major; at most as many as `tileRows`, for speed
   * @param nearest is filled with the numbers of the centroids
   * @param scores is filled with the inner products
   */
  assign(rows: Float32Array, nearest: Int32Array, scores: Float32Array): Promise<void>;
  /** Rows to assign in one call. */
  readonly tileRows: number;
}

// The products of a tile, 2 MiB, stay in the cache between the Gemm and the search for the largest.
const TILE_PRODUCTS = 1 << 19;
const FEWEST_TILE_ROWS = 64;
/** No tile has more rows. */
export const MOST_TILE_ROWS = 1024;

/**
 * An ONNX graph Gemm → TopK for rows of `dims` dims.
 *
 * @param centroids `(lists, dims)` row-major; may be changed between calls
 */
export async function openAssigner(centroids: Float32Array, dims: number): Promise<Assigner> {
  const session = await sharedSession(`assign to lists, ${dims} dims`, () => assignGraph(dims));
  const lists = centroids.length / dims;
  return {
    tileRows: Math.max(FEWEST_TILE_ROWS, Math.min(MOST_TILE_ROWS, Math.floor(TILE_PRODUCTS / lists))),
    async assign(rows, nearest, scores) {
      const count = rows.length / dims;
      await session.run(
        { rows: float32Tensor(rows, [count, dims]), centroids: float32Tensor(centroids, [lists, dims]) },
        {
          nearest: int32Tensor(nearest.subarray(0, count), [count, 1]),
          scores: float32Tensor(scores.subarray(0, count), [count, 1]),
        },
      );
    },
  };
}

function assignGraph(dims: number): Uint8Array {
  const graph = new Graph('assign to lists');
  const rows = graph.input('rows', 'float32', ['rows', dims]);
  const centroids = graph.input('centroids', 'float32', ['lists', dims]);
  const products = graph.op('Gemm', [rows, centroids], { transB: 1 }); // (rows, lists)
  // Faster than ArgMax and ReduceMax, which go through the products twice.
  const [scores, nearest] = graph.ops('TopK', [products, graph.ints(1)], 2, { axis: 1 });
  graph.output('scores', scores!, 'float32', ['rows', 1]);
  graph.output('nearest', graph.op('Cast', [nearest!], { to: INT32 }), 'int32', ['rows', 1]);
  return graph.serialize();
}
