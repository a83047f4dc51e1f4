import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../onnx/index.js';
import { DataError } from '../store/index.js';
import { distance } from './distance.js';
import { BIN_SHIFT, BINS, FIRST_BIN, RAISED_BY } from './distance-bins.js';
import { type Points, tilesOf } from './points.js';

/** How far the points of one corpus lie from one query. */
export interface DistanceHistogram {
  /** Distances of the nearest points, ascending, in float64. */
  nearest: Float64Array;
  /** The bins that the other points lie in, ascending, and how many are in each. */
  bins: Int32Array;
  counts: Int32Array;
}

/** How distances are counted. */
export interface HistogramOptions extends SessionOptions {
  /** Points nearest to each query whose distances are kept apart, exact; 16 by default. */
  nearest?: number;
  /** Is told of every tile. */
  onTile?: (rows: number) => void;
}

const TILE_ROWS = 4096;
const TILE_QUERIES = 256;
/** Queries whose histograms are open at a time: 66 KB each. */
export const BLOCK_QUERIES = 1024;
const NEAREST = 16;
/** More than the bits of any distance. */
const FAR = 0x7fffffff;
const [BIN_LIST, COUNT_LIST] = [new Int32Array(BINS), new Int32Array(BINS)];

/**
 * The distances of every query to all points of one corpus, as histograms in the bins of `distance-bins.ts`: distances
 * are computed once, in an ONNX graph, and counted by the leading bits of their float32 squares, about 1 ns each.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 * @param visit is given each query's histogram, in order
 * @throws DataError where vectors are not of unit length
 */
export async function countDistances(
  queries: Float32Array,
  points: Points,
  options: HistogramOptions,
  visit: (query: number, histogram: DistanceHistogram) => void,
): Promise<void> {
  const { dims } = points.reader;
  for (let from = 0; from < queries.length / dims; from += BLOCK_QUERIES) {
    const block = queries.subarray(from * dims, (from + BLOCK_QUERIES) * dims);
    const open = await countBlock(block, points, options);
    const vector = new Float32Array(dims);
    for (const [q, one] of open.entries()) {
      const distances = Float64Array.from(one.rows.subarray(0, one.size), (row) => {
        points.reader.read(row, 1, vector);
        return distance(block, q * dims, vector, 0, dims);
      });
      visit(from + q, closed(one, distances.sort(), points));
    }
  }
}

/** One query's counts while the points go by. */
interface OpenHistogram {
  counts: Int32Array;
  /** Raised squared distances of the nearest points as the bits of float32 numbers, which order as they do; ascending. */
  bits: Int32Array;
  rows: Int32Array;
  size: number;
}

async function countBlock(
  queries: Float32Array,
  points: Points,
  options: HistogramOptions,
): Promise<OpenHistogram[]> {
  const { dims } = points.reader;
  const session = await sharedSession(`distances, ${dims} dims`, () => distanceGraph(dims), options);
  const count = queries.length / dims;
  const nearest = Math.max(1, Math.min(options.nearest ?? NEAREST, points.documentOfRow.length));
  const scaled = queries.map((x) => -2 * x);
  const counts = new Int32Array(count * BINS);
  const histograms = Array.from({ length: count }, (_, q): OpenHistogram => {
    return {
      counts: counts.subarray(q * BINS, (q + 1) * BINS),
      bits: new Int32Array(nearest),
      rows: new Int32Array(nearest),
      size: 0,
    };
  });
  const squares = new Float32Array(Math.min(TILE_QUERIES, count) * TILE_ROWS);
  const bits = new Int32Array(squares.buffer);
  for (const { rows, vectors, firstRow } of tilesOf([points], TILE_ROWS)) {
    const tile = float32Tensor(vectors, [rows, dims]);
    for (let from = 0; from < count; from += TILE_QUERIES) {
      const part = scaled.subarray(from * dims, (from + TILE_QUERIES) * dims);
      const partCount = part.length / dims;
      await session.run(
        { queries: float32Tensor(part, [partCount, dims]), points: tile },
        { squares: float32Tensor(squares.subarray(0, partCount * rows), [partCount, rows]) },
      );
      for (let q = 0; q < partCount; q++) addRow(histograms[from + q]!, bits, q * rows, rows, firstRow);
    }
    options.onTile?.(rows);
  }
  return histograms;
}

/** −2·q·x + 2 + 1/64 for every pair: the squared distance, raised. */
function distanceGraph(dims: number): Uint8Array {
  const graph = new Graph('distances');
  const queries = graph.input('queries', 'float32', ['queries', dims]);
  const points = graph.input('points', 'float32', ['points', dims]);
  const squares = graph.op('Gemm', [queries, points, graph.scalar(2 + RAISED_BY)], { transB: 1 });
  graph.output('squares', squares, 'float32', ['queries', 'points']);
  return graph.serialize();
}

function addRow(
  histogram: OpenHistogram,
  tileBits: Int32Array,
  from: number,
  rows: number,
  firstRow: number,
): void {
  const { counts, bits, size } = histogram;
  let floor = size < bits.length ? FAR : bits[size - 1]!;
  const end = from + rows;
  let at = from;
  // Four at a time, with one branch for all four, halves the time of this loop; destructuring would allocate.
  for (; at + 4 <= end; at += 4) {
    const a = tileBits[at]!;
    const b = tileBits[at + 1]!;
    const c = tileBits[at + 2]!;
    const d = tileBits[at + 3]!;
    counts[(a >> BIN_SHIFT) - FIRST_BIN]!++;
    counts[(b >> BIN_SHIFT) - FIRST_BIN]!++;
    counts[(c >> BIN_SHIFT) - FIRST_BIN]!++;
    counts[(d >> BIN_SHIFT) - FIRST_BIN]!++;
    if (a < floor || b < floor || c < floor || d < floor) {
      floor = keepNearest(histogram, tileBits, at, at + 4, firstRow - from);
    }
  }
  for (let i = at; i < end; i++) counts[(tileBits[i]! >> BIN_SHIFT) - FIRST_BIN]!++;
  keepNearest(histogram, tileBits, at, end, firstRow - from);
}

/** Puts those of some columns that are among the nearest points there; gives what the next ones must be below. */
function keepNearest(
  histogram: OpenHistogram,
  tileBits: Int32Array,
  first: number,
  behind: number,
  rowOfFirst: number,
): number {
  const { bits, rows } = histogram;
  const last = bits.length - 1;
  for (let column = first; column < behind; column++) {
    const value = tileBits[column]!;
    if (histogram.size === bits.length && value >= bits[last]!) continue;
    let at = histogram.size < bits.length ? histogram.size++ : last;
    for (; at > 0 && bits[at - 1]! > value; at--) {
      bits[at] = bits[at - 1]!;
      rows[at] = rows[at - 1]!;
    }
    bits[at] = value;
    rows[at] = rowOfFirst + column;
  }
  return histogram.size < bits.length ? FAR : bits[last]!;
}

/** The histogram without its nearest points and its empty bins. */
function closed(
  { counts, bits, size }: OpenHistogram,
  nearest: Float64Array,
  { corpus, documentOfRow }: Points,
): DistanceHistogram {
  for (let i = 0; i < size; i++) counts[(bits[i]! >> BIN_SHIFT) - FIRST_BIN]!--;
  let [total, filled] = [size, 0];
  for (let bin = (bits[0]! >> BIN_SHIFT) - FIRST_BIN; bin < BINS; bin++) {
    const here = counts[bin]!;
    if (here === 0) continue;
    total += here;
    BIN_LIST[filled] = bin;
    COUNT_LIST[filled++] = here;
  }
  // Counts outside the bins are lost: distances from below 0 or above 2, which unit vectors cannot have.
  if (total !== documentOfRow.length) {
    throw new DataError(
      `Vectors of corpus "${corpus}", or the queries, are not of length 1: divide each vector by its length.`,
    );
  }
  return { nearest, bins: BIN_LIST.slice(0, filled), counts: COUNT_LIST.slice(0, filled) };
}
