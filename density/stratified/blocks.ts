import type { SumTiles, TileBatch, TileSums } from './tile-sums.js';

/** Blocks of rows that can be read: a tile, or a sample of a list. */
export interface Blocks {
  /** Rows of each block. */
  sizes: Int32Array;
  /** Reads all rows of a block, and their ids where there is room for them given. */
  read(block: number, vectors: Float32Array, ids: Int32Array | undefined): void;
}

/** Blocks that queries want: pairs of the two, in any order. */
export interface WantedBlocks {
  blocks: Int32Array;
  queries: Int32Array;
}

/** What the queries of a batch have of its blocks, by pair of the two. */
export interface BatchSums extends TileSums {
  /** Rows and queries that every block is filled up to. */
  rows: number;
  queries: number;
  /** The ids of rows, `(blocks, rows)`, where they were asked for. */
  ids: Int32Array | undefined;
}

/**
 * Takes what a query has of a block; valid during the call.
 *
 * @param at the block's number in the batch
 * @param pair the place of the two in `totals`, `squares` and `maxima`
 */
export type TakeSums = (block: number, query: number, at: number, pair: number, sums: BatchSums) => void;

/** What a pass over blocks needs. */
export interface BlockPass {
  dims: number;
  blocks: Blocks;
  /** `(queries, dims)` row-major, multiplied by the kernel's scale. */
  scaled: Float32Array;
  sumTiles: SumTiles;
  needsIds: boolean;
  take: TakeSums;
  onBlocks(done: number, blocks: number): void;
}

/** A block, and some of the queries that want it: those from `from` to `to` in the order by blocks. */
interface Unit {
  block: number;
  from: number;
  to: number;
}

/** Queries that stand with a block at once; one that more of them want is read again. */
const MOST_QUERIES = 64;
/** Rows are counted in groups of so many where blocks of like sizes are put together. */
const ROW_GROUP = 4;
/** Numbers that the vectors of a batch, and its queries, may be. */
const BATCH_NUMBERS = 1 << 19;

/**
 * Sums the blocks that queries want for them: each is read once for up to 64 queries, and blocks of like sizes that are wanted by like
 * numbers of queries are one batched product.
 */
export async function sumBlocks(pass: BlockPass, wanted: WantedBlocks): Promise<void> {
  const { order, units } = unitsOf(wanted, pass.blocks.sizes);
  const buffers = { vectors: new Float32Array(0), ids: new Int32Array(0) };
  for (let first = 0; first < units.length; ) {
    const batch = nextBatch(units, first, pass);
    await sumBatch(pass, batch, order, buffers);
    first += batch.units.length;
    pass.onBlocks(first, units.length);
  }
}

/** Sorts pairs by block, and cuts what many want; units of like sizes stand together, the largest first. */
function unitsOf({ blocks, queries }: WantedBlocks, sizes: Int32Array): { order: Int32Array; units: Unit[] } {
  const ends = new Int32Array(sizes.length);
  for (const block of blocks) ends[block]!++;
  const units: Unit[] = [];
  let end = 0;
  for (let block = 0; block < ends.length; block++) {
    const count = ends[block]!;
    const parts = sizes[block]! > 0 ? Math.ceil(count / MOST_QUERIES) : 0;
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((p) => end + Math.floor((p * count) / parts));
      units.push({ block, from: from!, to: to! });
    }
    ends[block] = end;
    end += count;
  }
  const order = new Int32Array(queries.length);
  for (let pair = 0; pair < blocks.length; pair++) order[ends[blocks[pair]!]!++] = queries[pair]!;
  const keys = Float64Array.from(units, ({ block, from, to }, at) => {
    const group = Math.ceil(sizes[block]! / ROW_GROUP);
    return (group * (MOST_QUERIES + 1) + to - from) * units.length + at;
  });
  const sorted = Array.from(keys.sort(), (key) => units[key % units.length]!);
  return { order, units: sorted.reverse() };
}

/** As many units from `first` on as there is room for, and as are not much smaller than the first. */
function nextBatch(units: readonly Unit[], first: number, { blocks: { sizes }, dims }: BlockPass) {
  let [rows, queries, count] = [0, 0, 0];
  for (; first + count < units.length; count++) {
    const { block, from, to } = units[first + count]!;
    const [most, asked] = [Math.max(rows, sizes[block]!), Math.max(queries, to - from)];
    const numbers = (count + 1) * Math.max(most, asked) * dims;
    if (count > 0 && (numbers > BATCH_NUMBERS || 2 * sizes[block]! < rows)) break;
    [rows, queries] = [most, asked];
  }
  return { rows, queries, units: units.slice(first, first + count) };
}

async function sumBatch(
  { dims, blocks, scaled, sumTiles, needsIds, take }: BlockPass,
  { rows, queries, units }: ReturnType<typeof nextBatch>,
  order: Int32Array,
  buffers: { vectors: Float32Array; ids: Int32Array },
): Promise<void> {
  const points = units.length * rows;
  if (buffers.vectors.length < points * dims) buffers.vectors = new Float32Array(points * dims);
  if (buffers.ids.length < points) buffers.ids = new Int32Array(points);
  const batch: TileBatch = {
    ...{ tiles: units.length, rows, queries, scaled },
    vectors: buffers.vectors.subarray(0, points * dims),
    asking: new Int32Array(units.length * queries),
    asked: Int32Array.from(units, ({ from, to }) => to - from),
    filled: Int32Array.from(units, ({ block }) => blocks.sizes[block]!),
  };
  const ids = needsIds ? buffers.ids : undefined;
  for (const [at, { block, from, to }] of units.entries()) {
    const into = batch.vectors.subarray(at * rows * dims, (at + 1) * rows * dims);
    blocks.read(block, into, ids?.subarray(at * rows));
    for (let i = from; i < to; i++) batch.asking[at * queries + i - from] = order[i]!;
  }
  const sums: BatchSums = { ...(await sumTiles(batch)), rows, queries, ids };
  for (const [at, { block, from, to }] of units.entries())
    for (let i = from; i < to; i++) take(block, order[i]!, at, at * queries + i - from, sums);
}
