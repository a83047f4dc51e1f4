import type { Numbering } from '../numbering.js';
import type { Points } from '../points.js';
import type { ComputeRowKernels } from '../row-kernels.js';
import { addToSource, type SourceSum, type StratumSums } from '../stratified/stratum-sums.js';
import type { TopList } from '../top-list.js';
import type { RowSample } from './row-sample.js';

/** A query that a sample is added to. */
export interface SampledQuery {
  /** What is summed, and into which of its strata. */
  sums: StratumSums;
  stratum: number;
  /** The points nearest to the query so far, by log kernel; labels are rows counted over all corpora. */
  nearest: TopList;
  /** Points, counted over all corpora, that are summed elsewhere. */
  without: ReadonlySet<number>;
}

const TILE_ROWS = 1024;
const BLOCK_QUERIES = 256;

/**
 * Adds the kernels of a sample's rows to the sums of all queries, which share it.
 *
 * @param scaled `(queries, dims)` row-major, multiplied by the kernel's scale
 * @param firstRows the number of each corpus's first row, counted over all of them
 */
export async function addSample(
  sample: RowSample,
  scaled: Float32Array,
  queries: readonly SampledQuery[],
  compute: ComputeRowKernels,
  { points, numbering, firstRows }: { points: readonly Points[]; numbering: Numbering; firstRows: number[] },
): Promise<void> {
  const dims = scaled.length / queries.length;
  const rows = sample.ids.length;
  const sources = Int32Array.from(sample.ids, (id, row) => {
    const corpus = sample.corpora[row]!;
    return numbering.sourceOfDocument[numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[id]!]!;
  });
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(rows, first + TILE_ROWS);
    const vectors = sample.vectors.subarray(first * dims, last * dims);
    for (let from = 0; from < queries.length; from += BLOCK_QUERIES) {
      const block = queries.slice(from, from + BLOCK_QUERIES);
      const { kernels, maxima } = await compute(
        vectors,
        scaled.subarray(from * dims, (from + block.length) * dims),
      );
      block.forEach((query, q) => {
        addRows(query, first, last, (row) => kernels[(row - first) * block.length + q]!, maxima[q]!);
      });
    }
  }

  function addRows(
    { sums, stratum, nearest, without }: SampledQuery,
    first: number,
    last: number,
    kernel: (row: number) => number,
    log: number,
  ): void {
    let [count, total, squares] = [0, 0, 0];
    const parts = sums.sources && new Map<number, SourceSum>();
    const maybeNear = log > nearest.floor;
    for (let row = first; row < last; row++) {
      const label = firstRows[sample.corpora[row]!]! + sample.ids[row]!;
      if (without.has(label)) continue;
      const k = kernel(row);
      count++;
      total += k;
      squares += k * k;
      if (maybeNear) nearest.offer(log + Math.log(k), label);
      if (parts) addToSource(parts, sources[row]!, k);
    }
    if (count > 0) sums.add(stratum, count, log, total, squares, parts);
  }
}
