import type { Kernel } from '../kernels.js';
import { LEAST_ROWS, type Limits } from '../limits.js';
import type { ComputeRowKernels } from '../row-kernels.js';
import { type Allocation, allocate } from './allocation.js';
import { sumFarField } from './far-field.js';
import { type FarSample, openFarSample } from './far-sample.js';
import { finish, type StrataEstimate } from './finish.js';
import { addNearField, type Demand } from './near-field.js';
import { NearestPoints } from './nearest-points.js';
import type { Predict } from './prediction.js';
import type { Strata } from './strata.js';
import { StratumSums } from './stratum-sums.js';

/** What has been drawn for one query. */
export interface Draw {
  /** Lists of the near field, ascending, and what was drawn from them. */
  lists: Int32Array;
  near: StratumSums;
  far: StratumSums;
  nearest: NearestPoints;
  estimate: StrataEstimate;
}

/** What draws need. */
export interface DrawSettings extends Limits {
  strata: Strata;
  kernel: Kernel;
  bandwidth: number;
  predict: Predict;
  compute: ComputeRowKernels;
  /** Gives numbers from 0 up to 1. */
  random: () => number;
  /** Drawn points to remember of each query. */
  remembered: number;
  /** The source of a point, where sums by source are asked for. */
  sourceOf?: (corpus: number, row: number) => number;
  onList: (done: number, lists: number) => void;
}

/** With a target, so many rows are drawn first, and so many times as many in every round after it, up to the budget. */
const FIRST_ROWS = 4096;
const GROWTH = 3;
/** The part of the budget that the sample of the far field has, and how many rows it should have at least. */
const FAR_SHARE = 0.1;
const FAR_ROWS = 256;

/**
 * Draws points for some queries until each is as exact as asked for, or its budget is spent.
 *
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function draw(queries: Float32Array, settings: DrawSettings): Promise<Draw[]> {
  const { strata, kernel, bandwidth, random, relativeError, budget } = settings;
  const { dims, points } = strata;
  const lists = strata.sizes.length;
  const bySource = settings.sourceOf !== undefined;
  const logs = await settings.predict(queries);
  const scaled = queries.map((x) => x * kernel.scale(bandwidth));
  const starts = strata.sizes.map((size, list) =>
    strata.corpora[strata.corpusOf[list]!]!.shuffled ? Math.floor(random() * size) : 0,
  );
  const growSample = openFarSample(strata, random);
  const everyList = new Uint8Array(lists).fill(1);
  const mustBeWhole = everyList.map((_, list) => (strata.corpora[strata.corpusOf[list]!]!.shuffled ? 0 : 1));
  const nothing = new StratumSums(new Float64Array(0), new Float64Array(0), bySource);
  const draws = Array.from({ length: queries.length / dims }, (): Omit<Draw, 'estimate'> & Partial<Draw> => {
    const nearest = new NearestPoints(settings.remembered);
    return { lists: new Int32Array(0), near: nothing, far: nothing, nearest };
  });
  let open = [...draws.keys()];
  const most = Math.max(LEAST_ROWS, budget * points);
  for (let rows = relativeError > 0 && budget < 1 ? FIRST_ROWS : most; open.length > 0; rows *= GROWTH) {
    await drawMore(open, Math.min(rows, most));
    open = rows < most ? open.filter((q) => relativeHalfWidth(draws[q]!.estimate!) > relativeError) : [];
  }
  return draws as Draw[];

  async function drawMore(wanting: readonly number[], rows: number): Promise<void> {
    const all = rows >= points;
    const spend = all ? { near: points, far: 0 } : split(rows);
    const sample = growSample(spend.far);
    const farShare = sample.lists.length / points;
    const demands = new Map<number, Demand[]>();
    const allocations = wanting.map((q) => {
      const predicted = logs.subarray(q * lists, (q + 1) * lists);
      const allocation = allocate(predicted, strata.sizes, all ? everyList : mustBeWhole, {
        rows: spend.near,
        farShare,
      });
      draws[q]!.near = nearSums(draws[q]!, allocation, predicted);
      draws[q]!.lists = allocation.lists;
      demand(q, allocation, demands);
      return allocation;
    });
    const [sums, nearest] = [draws.map(({ near }) => near), draws.map((one) => one.nearest)];
    await addNearField({ ...settings, scaled, starts, sums, nearest }, demands, settings.onList);
    await addFarField(wanting, allocations, sample);
    for (const q of wanting) {
      const { near, far } = draws[q]!;
      const drawn = near.rows.reduce((sum, rows) => sum + rows, sample.lists.length);
      draws[q]!.estimate = finish([near, far], Math.min(drawn, points), points);
    }
  }

  /** Sums over the lists of an allocation, with what was drawn from them before. */
  function nearSums(
    { lists: known, near }: Pick<Draw, 'lists' | 'near'>,
    allocation: Allocation,
    predicted: Float32Array,
  ) {
    const sizes = Float64Array.from(allocation.lists, (list) => strata.sizes[list]!);
    const sums = new StratumSums(
      sizes,
      Float64Array.from(allocation.lists, (list) => predicted[list]!),
      bySource,
    );
    for (let stratum = 0, before = 0; before < known.length; stratum++) {
      while (before < known.length && known[before]! < allocation.lists[stratum]!) before++;
      if (known[before] === allocation.lists[stratum]) sums.addStratum(stratum, near, before++);
    }
    return sums;
  }

  function demand(query: number, { lists: wanted, rows }: Allocation, demands: Map<number, Demand[]>): void {
    const { near } = draws[query]!;
    for (let stratum = 0; stratum < wanted.length; stratum++) {
      const [from, to] = [near.rows[stratum]!, rows[stratum]!];
      if (to <= from) continue;
      const one = { query, stratum, from, to };
      const others = demands.get(wanted[stratum]!);
      if (others) others.push(one);
      else demands.set(wanted[stratum]!, [one]);
    }
  }

  async function addFarField(
    wanting: readonly number[],
    allocations: readonly Allocation[],
    sample: FarSample,
  ): Promise<void> {
    const { compute, sourceOf } = settings;
    const farQueries = wanting.map((q, i) => ({
      scaled: scaled.subarray(q * dims, (q + 1) * dims),
      allocation: allocations[i]!,
      nearest: draws[q]!.nearest,
    }));
    const sourceOfRow =
      sourceOf && ((row: number) => sourceOf(strata.corpusOf[sample.lists[row]!]!, sample.ids[row]!));
    const sums = await sumFarField(farQueries, sample, dims, compute, sourceOfRow);
    wanting.forEach((q, i) => {
      draws[q]!.far = sums[i]!;
    });
  }
}

function split(rows: number): { near: number; far: number } {
  const far = Math.ceil(Math.min(rows, Math.max(FAR_SHARE * rows, Math.min(FAR_ROWS, rows / 2))));
  return { near: rows - far, far };
}

function relativeHalfWidth({ interval, logDensity }: StrataEstimate): number {
  return Math.expm1(interval[1] - logDensity);
}
