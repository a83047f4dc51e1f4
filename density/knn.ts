import { float32Tensor, Graph, int32Tensor, type SessionOptions, sharedSession } from '../onnx/index.js';
import type { OnProgress } from '../store/index.js';
import { distance } from './distance.js';
import { countPoints, type Points, tilesOf } from './points.js';
import { TopList } from './top-list.js';

/** How a nearest-neighbour density is estimated. */
export interface KnnOptions extends SessionOptions {
  /** The neighbour whose distance counts, 1 for the nearest point. */
  k: number;
  onProgress?: OnProgress;
}

/** A query's nearest-neighbour density. */
export interface KnnEstimate {
  /** log(k/n) − dims·log r_k, nats; infinite where k points are copies of the query. */
  logDensity: number;
  /** r_k, the distance of the k-th nearest point. */
  distance: number;
  /** The k nearest points, nearest first. */
  neighbours: { corpusId: number; row: number; distance: number }[];
}

const TILE_ROWS = 2048;
const TILE_QUERIES = 256;
/** Points beyond k whose distances are taken exactly, since float32 may put the last few in the wrong order. */
const SPARE = 8;

/**
 * The k-nearest-neighbour density of every query (Loftsgaarden & Quesenberry 1965): k/n points in a ball of radius r_k.
 *
 * It is known up to the volume of the unit ball, which is the same for all queries, and its logs are wide, for they carry
 * the number of dims as a factor where the data may have far fewer: for comparing and ranking queries alone, beside the kernel
 * densities and not in their place. Ranking by it is ranking by r_k.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @returns one estimate a query, in order
 * @throws RangeError for a k that is not a whole number from 1 to the number of points, or queries of other dims
 */
export async function knnDensity(
  queries: Float32Array,
  points: readonly Points[],
  options: KnnOptions,
): Promise<KnnEstimate[]> {
  const { k } = options;
  const { dims } = points[0]!.reader;
  const n = countPoints(points);
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) {
    throw new RangeError(`k must be a whole number from 1 to the ${n} points there are, not ${k}.`);
  }
  if (queries.length % dims !== 0) {
    throw new RangeError(`${queries.length} numbers are not a whole number of ${dims}-dim queries.`);
  }
  const nearest = await nearestByCosine(queries, points, options, k + SPARE);
  const vector = new Float32Array(dims);
  return nearest.map((lists, q) => {
    const candidates = lists.flatMap((list, c) =>
      Array.from(list.labels.subarray(0, list.size), (row) => {
        points[c]!.reader.read(row, 1, vector);
        return {
          corpusId: points[c]!.corpusId,
          row,
          distance: distance(queries, q * dims, vector, 0, dims),
        };
      }),
    );
    const neighbours = candidates.sort((a, b) => a.distance - b.distance).slice(0, k);
    const radius = neighbours.at(-1)!.distance;
    return { logDensity: logDensityInBall(k, n, dims, radius), distance: radius, neighbours };
  });
}

/** log(k/n) − dims·log r in nats: the density of k of n points in a ball of that radius, up to the volume of the unit ball. */
export function logDensityInBall(k: number, n: number, dims: number, radius: number): number {
  return Math.log(k / n) - dims * Math.log(radius);
}

/** For every query the nearest rows of each corpus. */
async function nearestByCosine(
  queries: Float32Array,
  points: readonly Points[],
  options: KnnOptions,
  wanted: number,
): Promise<TopList[][]> {
  const { dims } = points[0]!.reader;
  const n = countPoints(points);
  const session = await sharedSession(`nearest, ${dims} dims`, () => nearestGraph(dims), options);
  const lists = Array.from({ length: queries.length / dims }, () => points.map(() => new TopList(wanted)));
  let done = 0;
  for (const { corpus, rows, vectors, firstRow } of tilesOf(points, TILE_ROWS)) {
    const tile = float32Tensor(vectors, [rows, dims]);
    const few = Math.min(wanted, rows);
    for (let from = 0; from < lists.length; from += TILE_QUERIES) {
      const part = queries.subarray(from * dims, (from + TILE_QUERIES) * dims);
      const output = await session.run({
        queries: float32Tensor(part, [part.length / dims, dims]),
        points: tile,
        k: int32Tensor(Int32Array.of(few), [1]),
      });
      const cosines = output.cosines!.data as Float32Array;
      const columns = output.columns!.data as Int32Array;
      cosines.forEach((cosine, i) => {
        lists[from + Math.floor(i / few)]![corpus]!.offer(cosine, firstRow + columns[i]!);
      });
    }
    done += rows;
    options.onProgress?.({ step: 'nearest neighbours', done, total: n, unit: 'points' });
  }
  return lists;
}

/** The k largest cosines of every query in a tile, and their columns. */
function nearestGraph(dims: number): Uint8Array {
  const graph = new Graph('nearest points');
  const queries = graph.input('queries', 'float32', ['queries', dims]);
  const points = graph.input('points', 'float32', ['points', dims]);
  const k = graph.input('k', 'int32', [1]);
  const INT64 = 7;
  const INT32 = 6;
  const products = graph.op('Gemm', [queries, points], { transB: 1 });
  const [cosines, columns] = graph.ops('TopK', [products, graph.op('Cast', [k], { to: INT64 })], 2, {
    sorted: 0,
  });
  graph.output('cosines', cosines!, 'float32', ['queries', 'k']);
  graph.output('columns', graph.op('Cast', [columns!], { to: INT32 }), 'int32', ['queries', 'k']);
  return graph.serialize();
}
