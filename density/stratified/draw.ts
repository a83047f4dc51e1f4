import type { Kernel } from '../kernels.js';
import { LEAST_ROWS, type Limits } from '../limits.js';
import type { ComputeRowKernels } from '../row-kernels.js';
import { type Allocation, allocate, BINS, binsWithin, decayOf, spend } from './allocation.js';
import { emptyBands, joinBands, scatterOf, together } from './bands.js';
import { addFarField } from './far-field.js';
import type { GrowFarSample } from './far-sample.js';
import { finish, type StrataEstimate } from './finish.js';
import type { Gather } from './gather.js';
import { countLists, countTiles, type ListBins } from './histograms.js';
import { addMiddleField } from './middle-field.js';
import { addNearField } from './near-field.js';
import { NearestPoints } from './nearest-points.js';
import { packSums, unpackSums } from './packed-sums.js';
import { Pairs } from './pairs.js';
import type { Prediction } from './prediction.js';
import type { Strata } from './strata.js';
import { type StrataFields, StratumSums } from './stratum-sums.js';
import type { SumTiles } from './tile-sums.js';

/** What a worker has drawn for one query. */
export interface Draw {
  /** The near field, one stratum of points that were all summed. */
  near: StratumSums;
  /** What was drawn from lists, and of the far field. */
  bands: StratumSums;
  /** The chance of each band's points to be drawn from their list; 0 for the far field. */
  rates: readonly number[];
  /** Rows of the sample of the far field, over all workers. */
  farRows: number;
  nearest: NearestPoints;
  /** Whether a tile was summed whole. */
  isNear: (tile: number) => boolean;
}

/** What draws need. */
export interface DrawSettings extends Limits {
  strata: Strata;
  kernel: Kernel;
  bandwidth: number;
  prediction: Prediction;
  /** Sums of tiles, of which each kernel is needed only where points are attributed. */
  sumTiles: SumTiles;
  /** Sums of tiles that give each kernel. */
  sumEach: SumTiles;
  compute: ComputeRowKernels;
  /** The sample of the far field, of which those rows are had that lie in own tiles. */
  growSample: GrowFarSample;
  /** Gives numbers from 0 up to 1, the same to all workers. */
  random: () => number;
  gather: Gather;
  /** Drawn points to remember of each query. */
  remembered: number;
  /** The source of a point, where sums by source are asked for. */
  sourceOf: ((corpus: number, row: number) => number) | undefined;
  onBlocks: (done: number, blocks: number) => void;
}

/** A query that wants so many rows in a round. */
interface Wish {
  query: number;
  rows: number;
}

/** With a target, so many rows are drawn of each query first, and then as many as it needs by its error, and at least so many times as many. */
const FIRST_ROWS = 4096;
const SPARE = 1.2;
const LEAST_GROWTH = 1.3;
/** Rows are multiples of this, so that they do not follow the last digits of an error, which differ with the number of workers. */
const ROWS_STEP = 64;

/**
 * Draws points of own lists for some queries until each is as exact as asked for, or its budget is spent. All workers that gather
 * do the same rounds for the same queries.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function draw(queries: Float32Array, settings: DrawSettings): Promise<Draw[]> {
  const { strata, kernel, bandwidth, prediction, random, growSample, gather } = settings;
  const { relativeError, budget, sourceOf } = settings;
  const { dims, points, own, ownOf, listStarts } = strata;
  const { step } = prediction;
  const decay = decayOf(step);
  const bySource = sourceOf !== undefined;
  const codes = await prediction.predict(queries);
  const tiles = countTiles(codes, strata.ownSizes, queries.length / dims, gather);
  const scaled = queries.map((x) => x * kernel.scale(bandwidth));
  const wholePoints = points - strata.drawable;
  const most = Math.max(LEAST_ROWS, budget * points);
  const draws = Array.from({ length: queries.length / dims }, () => ({
    near: new StratumSums(Float64Array.of(0), Float64Array.of(Number.NEGATIVE_INFINITY), bySource),
    bands: emptyBands([], 0, bySource),
    rates: [] as number[],
    farRows: 0,
    nearest: new NearestPoints(settings.remembered),
    nearBins: -1,
  }));
  const first = relativeError > 0 && budget < 1 ? wholePoints + FIRST_ROWS : most;
  let open: Wish[] = Array.from(draws, (_, query) => ({ query, rows: Math.min(first, most) }));
  while (open.length > 0) {
    await drawMore(open);
    const unsure = open.filter(({ rows }) => rows < most);
    if (unsure.length === 0) break;
    const estimates = estimatesOf(unsure.map(({ query }) => query));
    open = unsure.flatMap(({ query, rows }, i) => {
      const half = relativeHalfWidth(estimates[i]!);
      if (!(half > relativeError)) return [];
      // Half-widths fall by the 1.2th to 1.4th power of the rows over real embeddings, as more of the density is summed whole.
      const growth = Math.max(LEAST_GROWTH, (SPARE * half) / relativeError);
      const drawn = Math.ceil(((rows - wholePoints) * growth) / ROWS_STEP) * ROWS_STEP;
      return [{ query, rows: Math.min(most, wholePoints + drawn) }];
    });
  }
  return draws.map(({ nearBins, ...one }, q) => ({
    ...one,
    isNear: (tile) => {
      const at = ownOf[tile]!;
      return at < 0 || binOf(q, at) < nearBins;
    },
  }));

  function binOf(q: number, at: number): number {
    return Math.min(BINS - 1, codes[q * own.length + at]! - tiles.least[q]!);
  }

  async function drawMore(wishes: readonly Wish[]): Promise<void> {
    const wanting = wishes.map(({ query }) => query);
    const spent = wishes.map(({ rows }) => spend(rows, wholePoints, points));
    const farRows = Math.max(...spent.map(({ far }) => far), ...wanting.map((q) => draws[q]!.farRows));
    const nearBins = wanting.map((q, i) =>
      binsWithin(tiles.points.subarray(q * BINS, (q + 1) * BINS), spent[i]!.near),
    );
    const near = new Pairs();
    const about = { queries: wanting, nearBins, least: tiles.least };
    const lists = countLists(codes, strata, about, { step, decay, gather }, (q, at) => {
      if (binOf(q, at) >= draws[q]!.nearBins) near.add(own[at]!, q);
    });
    for (const q of wanting) {
      if (draws[q]!.nearBins >= 0) continue;
      for (const tile of strata.whole) near.add(tile, q);
    }
    const allocations = wanting.map((q, i) => {
      draws[q]!.nearBins = nearBins[i]!;
      const counts = lists.points.subarray(i * BINS, (i + 1) * BINS);
      const rates = { middle: spent[i]!.middle, farRate: farRows / Math.max(1, strata.drawable) };
      const allocation = allocate(counts, nearBins[i]!, rates, decay);
      draws[q]!.bands = emptyBands(allocation.bands, -step * tiles.least[q]!, bySource);
      draws[q]!.rates = allocation.bands.map(({ rate }) => rate);
      return allocation;
    });
    const nearest = draws.map((one) => one.nearest);
    await addNearField({ ...settings, scaled, sums: draws.map((one) => one.near), nearest }, near.wanted);
    await addMiddleField({
      ...{ ...settings, scaled, nearest, allocations },
      ...{ seed: random(), queries: wanting, bins: lists.bins, sumTiles: settings.sumEach },
      sums: draws.map(({ bands }) => bands),
      isNear: (q, at) => binOf(q, at) < draws[q]!.nearBins,
    });
    await addFar(wanting, allocations, lists, farRows);
    for (const q of wanting) draws[q]!.near.sizes[0] = draws[q]!.near.rows[0]!;
  }

  async function addFar(
    wanting: readonly number[],
    allocations: readonly Allocation[],
    { bins }: ListBins,
    rows: number,
  ): Promise<void> {
    const sample = growSample(rows);
    const lists = listStarts.length - 1;
    const far = wanting.map((q, i) => ({
      allocation: allocations[i]!,
      bins: bins.subarray(i * lists, (i + 1) * lists),
      isNear: (at: number) => binOf(q, at) < draws[q]!.nearBins,
      sums: draws[q]!.bands,
      nearest: draws[q]!.nearest,
    }));
    const block = new Float32Array(wanting.length * dims);
    wanting.forEach((q, i) => {
      block.set(scaled.subarray(q * dims, (q + 1) * dims), i * dims);
    });
    const inOwn = sample.tiles.map((tile) => ownOf[tile]!);
    const places = { tiles: inOwn, lists: inOwn.map((at) => strata.listOf[at]!) };
    const source =
      sourceOf && ((row: number) => sourceOf(strata.corpusOf[sample.tiles[row]!]!, sample.ids[row]!));
    await addFarField(far, block, sample, places, settings.compute, source);
    for (const q of wanting) draws[q]!.farRows = sample.rows;
  }

  /** The estimates of all workers' sums together. */
  function estimatesOf(wanting: readonly number[]): StrataEstimate[] {
    const sums = wanting.flatMap((q) => [draws[q]!.near, draws[q]!.bands]);
    const all = gather(packSums(sums)).map((packed) => unpackSums(packed, sums));
    const drawn = wanting.map((q, i) => {
      const { rates, farRows } = draws[q]!;
      const of = (which: 0 | 1) => all.map((one) => one[2 * i + which]!);
      return { near: of(0), bands: of(1), rates, farRows };
    });
    return estimateAll(drawn, points);
  }
}

/** What all workers have drawn for a query. */
export interface DrawnParts {
  near: readonly StrataFields[];
  bands: readonly StrataFields[];
  rates: readonly number[];
  farRows: number;
}

/**
 * The estimates of what all workers have drawn.
 *
 * @param points n
 */
export function estimateAll(queries: readonly DrawnParts[], points: number): StrataEstimate[] {
  const scatter = scatterOf(queries.map(({ bands }) => together(bands)));
  return queries.map(({ near, bands, rates, farRows }) => {
    const whole = together(near);
    whole.sizes[0] = whole.rows[0]!;
    const drawn = together(bands, scatter);
    const fromLists = drawn.rows.reduce((sum, rows, band) => sum + (rates[band]! > 0 ? rows : 0), 0);
    const looked = Math.min(points, whole.rows[0]! + fromLists + farRows);
    return finish([whole, joinBands(drawn, rates)], looked, points);
  });
}

function relativeHalfWidth({ interval, logDensity }: StrataEstimate): number {
  return Math.expm1(interval[1] - logDensity);
}
