import { randomLcg } from 'd3';
import type { Allocation } from './allocation.js';
import { type BlockPass, type Blocks, sumBlocks } from './blocks.js';
import { NO_BIN } from './histograms.js';
import type { NearestPoints } from './nearest-points.js';
import { Pairs } from './pairs.js';
import type { Strata } from './strata.js';
import { addToSource, type SourceSum, type StratumSums } from './stratum-sums.js';

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** What a pass over samples of lists needs. */
export interface MiddleField extends Pick<BlockPass, 'scaled' | 'sumTiles' | 'onBlocks'> {
  strata: Strata;
  /** A number from 0 up to 1 that all draws follow from. */
  seed: number;
  /** Which queries there are, and what each was dealt. */
  queries: readonly number[];
  allocations: readonly Allocation[];
  /** Bins of own lists, `(queries, lists)` row-major in the order of `queries`. */
  bins: Uint16Array;
  /** Whether an own tile, an index into `own`, is in a query's near field. */
  isNear: (query: number, at: number) => boolean;
  /** Of each query, by band. */
  sums: readonly StratumSums[];
  nearest: readonly NearestPoints[];
  sourceOf: ((corpus: number, row: number) => number) | undefined;
}

/** The rows of a list that are drawn at a rate. */
interface Sample {
  rows: number;
  /** Own tiles, as indices into `own`, where in each the draw starts, and how many rows it gives. */
  tiles: number[];
  starts: number[];
  counts: number[];
}

/**
 * Adds rows drawn from own lists to the sums of the queries that want them, but for rows of tiles that are in a query's near field.
 *
 * Samples are systematic over the tiles of a list (Cochran, Sampling Techniques, 3rd ed., 8.1), with a random start in every tile, whose
 * rows are in random order: each row has the rate for its chance, so that a sum over them divided by the rate is unbiased.
 */
export async function addMiddleField(field: MiddleField): Promise<void> {
  const { strata, queries, allocations, bins, isNear, sums, nearest, sourceOf } = field;
  const lists = strata.listStarts.length - 1;
  const samples = openSamples(strata, allocations, field.seed);
  const pairs = new Pairs();
  const numberOf = new Map(queries.map((query, i) => [query, i]));
  const bandOf = (i: number, list: number) => {
    const bin = bins[i * lists + list]!;
    return bin === NO_BIN ? undefined : allocations[i]!.bandOfBin[bin]!;
  };
  for (const [i, query] of queries.entries()) {
    for (let list = 0; list < lists; list++) {
      const band = bandOf(i, list);
      if (band === undefined) continue;
      const { rate } = allocations[i]!.bands[band]!;
      if (rate > 0) pairs.add(samples.draw(rate, list), query);
    }
  }
  const needsIds = sourceOf !== undefined || nearest.some(({ capacity }) => capacity > 0);
  const pass: BlockPass = {
    ...field,
    ...{ dims: strata.dims, needsIds },
    blocks: blocksOf(samples.all, strata),
    take(block, query, at, pair, { maxima, kernels, rows: stride, queries: across, ids }) {
      const log = maxima[pair]!;
      // The column of the query, from the block's first row on.
      const first = at * stride * across + (pair % across);
      const { tiles, counts } = samples.all[block]!;
      const band = bandOf(numberOf.get(query)!, block % lists)!;
      const top = nearest[query]!;
      const sources = sourceOf && new Map<number, SourceSum>();
      let rows = 0;
      let total = 0;
      let squares = 0;
      let row = 0;
      for (let t = 0; t < tiles.length; t++) {
        const end = row + counts[t]!;
        if (isNear(query, tiles[t]!)) {
          row = end;
          continue;
        }
        rows += counts[t]!;
        for (; row < end; row++) {
          const k = kernels![first + row * across]!;
          total += k;
          squares += k * k;
          if (!needsIds) continue;
          const tile = strata.own[tiles[t]!]!;
          if (sources) addToSource(sources, sourceOf!(strata.corpusOf[tile]!, ids![at * stride + row]!), k);
          if (log > top.floor) top.offer(log + Math.log(k), tile, ids![at * stride + row]!);
        }
      }
      if (rows > 0) sums[query]!.add(band, rows, log, total, squares, sources);
    },
  };
  await sumBlocks(pass, pairs.wanted);
}

/** Samples of own lists, drawn as they are asked for, and numbered rate by rate, and list by list in each. */
function openSamples(
  { own, sizes, listStarts, listIds }: Strata,
  allocations: readonly Allocation[],
  seed: number,
): { all: readonly (Sample | undefined)[]; draw: (rate: number, list: number) => number } {
  const lists = listStarts.length - 1;
  const rates = [...new Set(allocations.flatMap(({ bands }) => bands.map(({ rate }) => rate)))];
  const all = new Array<Sample | undefined>(rates.length * lists);
  return {
    all,
    draw(rate, list) {
      const number = rates.indexOf(rate) * lists + list;
      all[number] ??= drawSample(rate, list);
      return number;
    },
  };

  function drawSample(rate: number, list: number): Sample {
    // A list has the same numbers whichever worker it is dealt to.
    const random = randomLcg((seed + (listIds[list]! + rate) * GOLDEN) % 1);
    random();
    const sample: Sample = { tiles: [], starts: [], counts: [], rows: 0 };
    let place = random();
    for (let at = listStarts[list]!; at < listStarts[list + 1]!; at++) {
      const size = sizes[own[at]!]!;
      const before = Math.floor(place);
      place += rate * size;
      const [start, count] = [Math.floor(random() * size), Math.floor(place) - before];
      if (count === 0) continue;
      sample.tiles.push(at);
      sample.starts.push(start);
      sample.counts.push(count);
      sample.rows += count;
    }
    return sample;
  }
}

function blocksOf(samples: readonly (Sample | undefined)[], { dims, own, sizes, read }: Strata): Blocks {
  return {
    sizes: Int32Array.from(samples, (sample) => sample?.rows ?? 0),
    read(block, vectors, ids) {
      const { tiles, starts, counts } = samples[block]!;
      let row = 0;
      for (let t = 0; t < tiles.length; t++) {
        const tile = own[tiles[t]!]!;
        // Behind the last row of a tile comes the first again.
        for (let start = starts[t]!, left = counts[t]!; left > 0; start = 0) {
          const count = Math.min(left, sizes[tile]! - start);
          read(tile, vectors.subarray(row * dims), ids?.subarray(row), start, count);
          row += count;
          left -= count;
        }
      }
    },
  };
}
