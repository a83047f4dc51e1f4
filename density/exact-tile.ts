import { distance } from './distance.js';
import { type Kernel, unsureWithin } from './kernels.js';
import type { DocumentRun } from './numbering.js';
import type { Points, Tile } from './points.js';
import type { QuerySum } from './query-sum.js';
import { SPAN, type TileValues } from './tile-kernel.js';

/** Where a log kernel exceeds the reference by this, nats, the float32 squares of kernels would overflow. */
const OVERFLOW = 40;
const REFERENCE_SAMPLE = 16;

/** A tile with the documents that lie in it, and its first row counted over all corpora. */
export interface PlacedTile {
  tile: Tile;
  runs: readonly DocumentRun[];
  firstRow: number;
}

/** Adds what a tile gives to the sum of one query: `query` is its row in the values, `vector` the query itself. */
export type AddTile = (
  sum: QuerySum,
  values: TileValues,
  query: number,
  vector: Float32Array,
  placed: PlacedTile,
) => void;

/** What adds tiles to exact sums at a kernel and bandwidth. */
export function tileAdder(kernel: Kernel, bandwidth: number): AddTile {
  const correctNear = nearCorrection(kernel, bandwidth);
  return (sum, values, query, vector, { tile, runs, firstRow }) => {
    correctNear(values, query, tile, vector, sum.logReference);
    const largest = largestLog(values, query, tile.rows);
    if (largest < OVERFLOW) sum.addTile(values, query, runs, firstRow, largest);
    else sum.addTile(rebased(sum, values, query, largest), 0, runs, firstRow, 0);
  };
}

/** Replaces the kernels of a query's near copies, which float32 cannot tell well, by float64 ones. */
function nearCorrection(kernel: Kernel, bandwidth: number) {
  const beyond = kernel.log(unsureWithin(kernel, bandwidth), bandwidth);
  return (values: TileValues, query: number, tile: Tile, vector: Float32Array, logReference: number) => {
    const { stride, logs, kernels, sums, squares, maxima } = values;
    const dims = vector.length;
    for (let span = (query * stride) / SPAN; span < ((query + 1) * stride) / SPAN; span++) {
      if (maxima[span]! + logReference <= beyond) continue;
      [sums[span], squares[span], maxima[span]] = [0, 0, Number.NEGATIVE_INFINITY];
      for (let i = span * SPAN; i < (span + 1) * SPAN; i++) {
        const row = i - query * stride;
        if (row < tile.rows && logs[i]! + logReference > beyond) {
          const r = distance(vector, 0, tile.vectors, row * dims, dims);
          logs[i] = kernel.log(r, bandwidth) - logReference;
          kernels[i] = Math.exp(logs[i]!);
        }
        sums[span]! += kernels[i]!;
        squares[span]! += kernels[i]! ** 2;
        maxima[span] = Math.max(maxima[span]!, logs[i]!);
      }
    }
  };
}

/** The largest log kernel of a query in a tile; of the last span only what lies on points. */
function largestLog({ stride, logs, maxima }: TileValues, query: number, rows: number): number {
  const wholeSpans = Math.floor(rows / SPAN);
  const [row, spanRow] = [query * stride, (query * stride) / SPAN];
  let largest = Number.NEGATIVE_INFINITY;
  for (let span = 0; span < wholeSpans; span++) largest = Math.max(largest, maxima[spanRow + span]!);
  for (let column = wholeSpans * SPAN; column < rows; column++)
    largest = Math.max(largest, logs[row + column]!);
  return largest;
}

/** A query met points far nearer than any before: takes the nearest for its reference, and the kernels relative to it. */
function rebased(sum: QuerySum, values: TileValues, query: number, largest: number): TileValues {
  const { stride } = values;
  sum.rebase(sum.logReference + largest);
  const logs = values.logs.slice(query * stride, (query + 1) * stride).map((log) => log - largest);
  const kernels = logs.map(Math.exp);
  const overSpans = (of: (span: number) => number) =>
    Float32Array.from({ length: stride / SPAN }, (_, span) => of(span));
  const spanOf = (all: Float32Array, span: number) => all.subarray(span * SPAN, (span + 1) * SPAN);
  return {
    stride,
    logs,
    kernels,
    sums: overSpans((span) => spanOf(kernels, span).reduce((total, k) => total + k, 0)),
    squares: overSpans((span) => spanOf(kernels, span).reduce((total, k) => total + k * k, 0)),
    maxima: overSpans((span) => Math.max(...spanOf(logs, span))),
  };
}

/** The largest log kernel over a few points spread over the data: a reference to begin with. */
export function startingReferences(
  queries: Float32Array,
  points: readonly Points[],
  dims: number,
  logKernel: (r: number) => number,
): Float64Array {
  const references = new Float64Array(queries.length / dims).fill(Number.NEGATIVE_INFINITY);
  const vector = new Float32Array(dims);
  for (const { reader, documentOfRow } of points) {
    const samples = Math.min(REFERENCE_SAMPLE, documentOfRow.length);
    for (let s = 0; s < samples; s++) {
      reader.read(Math.floor((s * documentOfRow.length) / samples), 1, vector);
      for (let q = 0; q < references.length; q++) {
        references[q] = Math.max(references[q]!, logKernel(distance(queries, q * dims, vector, 0, dims)));
      }
    }
  }
  return references;
}
