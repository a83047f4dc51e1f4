import { type BlockPass, sumBlocks, type WantedBlocks } from './blocks.js';
import type { NearestPoints } from './nearest-points.js';
import type { Strata } from './strata.js';
import type { SourceSum, StratumSums } from './stratum-sums.js';

/** What a pass over whole tiles needs. */
export interface NearField extends Pick<BlockPass, 'scaled' | 'sumTiles' | 'onBlocks'> {
  strata: Strata;
  /** Of each query, a single stratum. */
  sums: readonly StratumSums[];
  nearest: readonly NearestPoints[];
  /** The source of a point, where sums by source are asked for. */
  sourceOf: ((corpus: number, row: number) => number) | undefined;
}

/** Adds whole tiles to the sums of the queries that want them. */
export async function addNearField(field: NearField, wanted: WantedBlocks): Promise<void> {
  const { strata, sums, nearest, sourceOf } = field;
  const { sizes, corpusOf } = strata;
  let rowsOfSource: { tile: number; rows: Map<number, number[]> } | undefined;
  const pass: BlockPass = {
    ...field,
    dims: strata.dims,
    blocks: { sizes, read: (tile, vectors, ids) => strata.read(tile, vectors, ids, 0, sizes[tile]!) },
    needsIds: sourceOf !== undefined || nearest.some(({ capacity }) => capacity > 0),
    take(tile, query, at, pair, { totals, squares, maxima, kernels, rows, queries, ids }) {
      const log = maxima[pair]!;
      const size = sizes[tile]!;
      const kernel = (row: number) => kernels![(at * rows + row) * queries + (pair % queries)]!;
      const idOf = (row: number) => ids![at * rows + row]!;
      if (sourceOf && rowsOfSource?.tile !== tile)
        rowsOfSource = { tile, rows: groupRows(size, (row) => sourceOf(corpusOf[tile]!, idOf(row))) };
      const sources = sourceOf && sumsBySource(rowsOfSource!.rows, kernel);
      sums[query]!.add(0, size, log, totals[pair]!, squares[pair]!, sources);
      const top = nearest[query]!;
      if (log <= top.floor) return;
      for (let row = 0; row < size; row++) top.offer(log + Math.log(kernel(row)), tile, idOf(row));
    },
  };
  await sumBlocks(pass, wanted);
}

function groupRows(count: number, sourceOf: (row: number) => number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const source = sourceOf(row);
    const known = rows.get(source);
    if (known) known.push(row);
    else rows.set(source, [row]);
  }
  return rows;
}

function sumsBySource(
  rowsOfSource: ReadonlyMap<number, number[]>,
  kernel: (row: number) => number,
): Map<number, SourceSum> {
  const sums = new Map<number, SourceSum>();
  for (const [source, rows] of rowsOfSource) {
    let [total, squares] = [0, 0];
    for (const row of rows) {
      const k = kernel(row);
      total += k;
      squares += k * k;
    }
    sums.set(source, { total, squares });
  }
  return sums;
}
