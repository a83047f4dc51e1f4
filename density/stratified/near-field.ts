import type { ComputeRowKernels, RowKernels } from '../row-kernels.js';
import type { NearestPoints } from './nearest-points.js';
import { openSourceSums } from './source-sums.js';
import type { Strata } from './strata.js';
import type { StratumSums } from './stratum-sums.js';

/** Rows that a query wants of a list: the places `from` to `to` of it, counted from where the draw starts. */
export interface Demand {
  query: number;
  /** Which of the query's strata the list is. */
  stratum: number;
  from: number;
  to: number;
}

/** What a pass over lists needs. */
export interface NearField {
  strata: Strata;
  /** `(queries, dims)` row-major, multiplied by the kernel's scale. */
  scaled: Float32Array;
  compute: ComputeRowKernels;
  /** Of each query. */
  sums: readonly StratumSums[];
  nearest: readonly NearestPoints[];
  /** The source of a point, where sums by source are asked for. */
  sourceOf?: (corpus: number, row: number) => number;
  /** The place of each list at which the draw from it starts, so that a longer draw contains a shorter one. */
  starts: Int32Array;
}

const TILE_ROWS = 1024;
/** Pairs of a row and a query that take as long as one more run of the graph. */
const WORTH_A_RUN = 20_000;

/**
 * Adds the rows that queries want of lists to their sums. The work goes list by list, so that each is read once and
 * multiplied with all queries that want it.
 *
 * @param demands by list
 */
export async function addNearField(
  field: NearField,
  demands: ReadonlyMap<number, Demand[]>,
  onList: (done: number, lists: number) => void,
): Promise<void> {
  const { strata } = field;
  const { dims } = strata;
  const tile = {
    vectors: new Float32Array(TILE_ROWS * dims),
    ids: new Int32Array(TILE_ROWS),
    places: new Int32Array(TILE_ROWS),
  };
  let done = 0;
  for (const list of [...demands.keys()].sort((a, b) => a - b)) {
    const wanting = demands.get(list)!.sort((a, b) => b.to - a.to);
    const corpus = strata.corpusOf[list]!;
    const { read } = strata.corpora[corpus]!;
    const start = field.starts[list]!;
    let from = wanting.reduce((least, demand) => Math.min(least, demand.from), wanting[0]!.to);
    while (from < wanting[0]!.to) {
      const here = wanting.slice(0, countBeyond(wanting, from));
      const rows = Math.min(TILE_ROWS, tileEnd(here, from) - from);
      read(list - strata.firstLists[corpus]!, start + from, rows, tile);
      const queries = gather(field.scaled, here, dims);
      const found = await field.compute(tile.vectors.subarray(0, rows * dims), queries);
      addTile(field, { list, corpus, first: from, rows, ...tile }, here, found);
      from += rows;
    }
    onList(++done, demands.size);
  }
}

/** How many demands, the longest of which come first, go beyond a place. */
function countBeyond(demands: readonly Demand[], place: number): number {
  let count = demands.length;
  while (count > 0 && demands[count - 1]!.to <= place) count--;
  return count;
}

/** Where a tile from `from` on should end: before many rows that only few of the queries want. */
function tileEnd(demands: readonly Demand[], from: number): number {
  const last = demands[0]!.to;
  let [end, saved] = [last, WORTH_A_RUN];
  demands.forEach(({ to }, count) => {
    const saving = (last - to) * (demands.length - count);
    if (saving > saved && to > from) [end, saved] = [to, saving];
  });
  return end;
}

function gather(scaled: Float32Array, demands: readonly Demand[], dims: number): Float32Array {
  const queries = new Float32Array(demands.length * dims);
  demands.forEach(({ query }, at) => {
    queries.set(scaled.subarray(query * dims, (query + 1) * dims), at * dims);
  });
  return queries;
}

interface ListTile {
  list: number;
  corpus: number;
  /** The place of its first row, counted from where the draw starts. */
  first: number;
  rows: number;
  ids: Int32Array;
  places: Int32Array;
}

function addTile(
  { sums, nearest, sourceOf }: NearField,
  { list, corpus, first, rows, ids, places }: ListTile,
  demands: readonly Demand[],
  { kernels, maxima }: RowKernels,
): void {
  const count = demands.length;
  const froms = new Int32Array(count);
  const tos = new Int32Array(count);
  for (let j = 0; j < count; j++) {
    froms[j] = demands[j]!.from - first;
    tos[j] = demands[j]!.to - first;
  }
  const totals = new Float64Array(count);
  const squares = new Float64Array(count);
  const sources = sourceOf && openSourceSums(count);
  for (let row = 0; row < rows; row++) {
    const [place, at] = [places[row]!, row * count];
    const ofSource = sources?.of(sourceOf!(corpus, ids[row]!));
    for (let j = 0; j < count && place < tos[j]!; j++) {
      if (place < froms[j]!) continue;
      const k = kernels[at + j]!;
      totals[j]! += k;
      squares[j]! += k * k;
      if (ofSource) {
        ofSource.totals[j]! += k;
        ofSource.squares[j]! += k * k;
      }
    }
  }
  for (let j = 0; j < count; j++) {
    const { query, stratum } = demands[j]!;
    const wanted = Math.min(rows, tos[j]!) - Math.max(0, froms[j]!);
    if (wanted <= 0) continue;
    sums[query]!.add(stratum, wanted, maxima[j]!, totals[j]!, squares[j]!, sources?.ofQuery(j));
    const top = nearest[query]!;
    if (maxima[j]! <= top.floor) continue;
    for (let row = 0; row < rows; row++) {
      const place = places[row]!;
      if (place < froms[j]! || place >= tos[j]!) continue;
      top.offer(maxima[j]! + Math.log(kernels[row * count + j]!), list, ids[row]!);
    }
  }
}
