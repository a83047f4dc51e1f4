import {
  float32Tensor,
  Graph,
  int32Tensor,
  type SessionOptions,
  sharedSession,
  type Value,
} from '../../onnx/index.js';
import { distance } from '../distance.js';
import { type Kernel, unsureWithin } from '../kernels.js';

/** What a product is in rows without a point: no kernel is left of it. */
const FAR = 1e30;

/** Some tiles, each with queries of its own, filled up to the same numbers of rows and queries, with the first query. */
export interface TileBatch {
  tiles: number;
  rows: number;
  queries: number;
  /** `(tiles, rows, dims)` row-major. */
  vectors: Float32Array;
  /** Rows of each tile that hold points. */
  filled: Int32Array;
  /** Which queries those of each tile are, `(tiles, queries)` row-major, and how many of them each tile has. */
  asking: Int32Array;
  asked: Int32Array;
  /** All queries, `(all, dims)` row-major, multiplied by `kernel.scale(bandwidth)`. */
  scaled: Float32Array;
}

/** What each query has of the tile it stands with, `(tiles, queries)` row-major: sums are relative to exp of `maxima`. */
export interface TileSums {
  totals: Float32Array;
  squares: Float32Array;
  /** The largest log kernel, nats. */
  maxima: Float32Array;
  /** `(tiles, rows, queries)`: the kernels relative to the same, where they were asked for. */
  kernels: Float32Array | undefined;
}

/** Sums the kernels of a batch of tiles; what it gives is valid until the next batch. */
export type SumTiles = (batch: TileBatch) => Promise<TileSums>;

/**
 * The ONNX graph of many small products at once → distance → exp → sums. Kernels of near copies are computed again in float64.
 *
 * @param bandwidth h, in units of distance on the unit sphere
 * @param each whether the kernels are wanted and not their sums alone
 */
export async function openTileSums(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  each: boolean,
  options: SessionOptions,
): Promise<SumTiles> {
  const name = `${kernel.name} tiles${each ? ', each' : ''}, ${dims} dims`;
  const session = await sharedSession(name, () => tileGraph(kernel, dims, each), options);
  const scale = kernel.scale(bandwidth);
  const offset = kernel.offset(bandwidth);
  const nearLog = kernel.log(unsureWithin(kernel, bandwidth), bandwidth);
  const room = { narrow: new Float32Array(0), wide: new Float32Array(0) };
  return async (batch) => {
    const { tiles, rows, queries, vectors, filled, asking, asked, scaled } = batch;
    const [narrow, wide] = [tiles * queries, tiles * queries * rows];
    if (room.narrow.length < 3 * narrow) room.narrow = new Float32Array(3 * narrow);
    if (each && room.wide.length < wide) room.wide = new Float32Array(wide);
    const offsets = new Float32Array(tiles * rows).fill(-Math.sign(scale) * FAR);
    for (let tile = 0; tile < tiles; tile++) offsets.fill(offset, tile * rows, tile * rows + filled[tile]!);
    const [totals, squares, maxima] = [0, 1, 2].map((i) =>
      room.narrow.subarray(i * narrow, (i + 1) * narrow),
    );
    const kernels = each ? room.wide.subarray(0, wide) : undefined;
    const shape = [tiles, queries];
    await session.run(
      {
        vectors: float32Tensor(vectors, [tiles, rows, dims]),
        scaled: float32Tensor(scaled, [scaled.length / dims, dims]),
        asking: int32Tensor(asking, shape),
        offsets: float32Tensor(offsets, [tiles, rows, 1]),
      },
      {
        totals: float32Tensor(totals!, shape),
        squares: float32Tensor(squares!, shape),
        maxima: float32Tensor(maxima!, shape),
        ...(kernels && { kernels: float32Tensor(kernels, [tiles, rows, queries]) }),
      },
    );
    const sums = { totals: totals!, squares: squares!, maxima: maxima!, kernels };
    for (let tile = 0; tile < tiles; tile++)
      for (let at = tile * queries; at < tile * queries + asked[tile]!; at++)
        if (maxima![at]! > nearLog) sumAgain(batch, at, sums);
    return sums;
  };

  /** Sums one query's kernels over one tile in float64. */
  function sumAgain(batch: TileBatch, at: number, sums: TileSums): void {
    const { rows, queries, vectors, filled, asking, scaled } = batch;
    const tile = Math.floor(at / queries);
    const kernelAt = (row: number) => (tile * rows + row) * queries + (at % queries);
    const query = scaled.subarray(asking[at]! * dims, (asking[at]! + 1) * dims).map((x) => x / scale);
    const logs = Float64Array.from({ length: filled[tile]! }, (_, row) => {
      return kernel.log(distance(query, 0, vectors, (tile * rows + row) * dims, dims), bandwidth);
    });
    const largest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
    let [total, square] = [0, 0];
    logs.forEach((log, row) => {
      const k = Math.exp(log - largest);
      total += k;
      square += k * k;
      if (sums.kernels) sums.kernels[kernelAt(row)] = k;
    });
    [sums.totals[at], sums.squares[at], sums.maxima[at]] = [total, square, largest];
  }
}

function tileGraph(kernel: Kernel, dims: number, each: boolean): Uint8Array {
  const graph = new Graph(`${kernel.name} kernel of tiles`);
  const vectors = graph.input('vectors', 'float32', ['tiles', 'rows', dims]);
  const scaled = graph.input('scaled', 'float32', ['all', dims]);
  const asking = graph.input('asking', 'int32', ['tiles', 'queries']);
  const offsets = graph.input('offsets', 'float32', ['tiles', 'rows', 1]);
  const queries = graph.op('Gather', [scaled, asking]); // (tiles, queries, dims)
  // Rows are the left side of the product, which is read as it lies; the fewer queries the right one, which has to be packed.
  const products = graph.op('FusedMatMul', [vectors, queries], { transB: 1 }, 'com.microsoft');
  const logs = kernel.emitLog(graph, graph.op('Add', [products, offsets]), graph.scalar(0)); // (tiles, rows, queries)
  const overRows = graph.ints(1);
  const maxima = graph.op('ReduceMax', [logs, overRows], { keepdims: 1 });
  const kernels = graph.op('Exp', [graph.op('Sub', [logs, maxima])]);
  const squared = graph.op('Mul', [kernels, kernels]);
  const sum = (values: Value) => graph.op('ReduceSum', [values, overRows], { keepdims: 0 });
  graph.output('totals', sum(kernels), 'float32', ['tiles', 'queries']);
  graph.output('squares', sum(squared), 'float32', ['tiles', 'queries']);
  graph.output('maxima', graph.op('Squeeze', [maxima, overRows]), 'float32', ['tiles', 'queries']);
  if (each) graph.output('kernels', kernels, 'float32', ['tiles', 'rows', 'queries']);
  return graph.serialize();
}
