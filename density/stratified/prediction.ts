import { randomLcg } from 'd3';
import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import { type FarSample, openFarSample } from './far-sample.js';
import type { CorpusStrata, Strata } from './strata.js';

/**
 * What a query's kernels over each list are expected to be, from the means of the list's parts. Only the work is dealt out by
 * it: a bad prediction costs precision and never makes an estimate wrong on average.
 */
export type Predict = (queries: Float32Array) => Promise<Float32Array>;

/** Points that the spread is measured on, and how many of them take the place of queries. */
const PILOT_ROWS = 256;
const PILOT_QUERIES = 32;
const PILOT_SEED = 1;
/** More than this, nats, no spread adds to a prediction: it would be about points that hardly any part has. */
const MOST_SPREAD = 6;
/** Of a part of equal points too something is predicted, so that it has its place among the others. */
const LEAST_VARIANCE = 1e-6;
/** Predictions are tabulated at so many distances (evenly in 1 − q·mean, 0 to 2), spreads and shares (0 to 1). */
const DISTANCES = 1024;
const BINS_OF_1 = (DISTANCES - 1) / 2;
const SPREADS = 16;
const SHARES = 5;
const BLOCK_QUERIES = 128;

/** What is known of lists before there are queries. */
export interface DescribedLists {
  strata: Strata;
  /** How many dims the points of a part spread over. */
  effectiveDims: number;
  corpora: ReturnType<typeof describe>[];
}

/** Describes the lists of all corpora; what has to be drawn for that is the same each time. */
export function describeLists(strata: Strata): DescribedLists {
  const pilot = openFarSample(strata, randomLcg(PILOT_SEED))(PILOT_ROWS);
  return {
    strata,
    effectiveDims: spreadDims(strata, pilot),
    corpora: strata.corpora.map((corpus) => describe(corpus, strata.dims)),
  };
}

/**
 * Predicts the log of the standard deviation of K for queries and lists, nats, as `(queries, lists)` row-major: the points of
 * a part lie at E‖q − x‖² = 2 − 2·q·mean, and the log kernel scatters about its value there by σ, so that its
 * moments are those of a lognormal; a list has the variance that the part with most of it gives to it, by its scatter and by
 * its difference from the rest of the list. σ follows from the part's spread, E‖x − mean‖² = 1 − ‖mean‖², and from how many
 * dims it goes over, which was measured on a few points drawn for that.
 */
export async function openPrediction(
  { strata, effectiveDims, corpora: described }: DescribedLists,
  kernel: Kernel,
  bandwidth: number,
  options: SessionOptions,
): Promise<Predict> {
  const { dims, corpora, firstLists, sizes } = strata;
  const session = await sharedSession(`products, ${dims + 1} dims`, () => productGraph(dims + 1), options);
  const table = tabulate(kernel, bandwidth, effectiveDims);
  return async (queries) => {
    const logs = new Float32Array((queries.length / dims) * sizes.length);
    for (let from = 0; from * dims < queries.length; from += BLOCK_QUERIES) {
      const block = queries.subarray(from * dims, (from + BLOCK_QUERIES) * dims);
      await predictBlock(block, logs.subarray(from * sizes.length));
    }
    return logs;
  };

  async function predictBlock(queries: Float32Array, logs: Float32Array): Promise<void> {
    const count = queries.length / dims;
    // The dim behind the others, where parts have their shares, adds nothing to a product.
    const padded = new Float32Array(count * (dims + 1));
    for (let q = 0; q < count; q++) padded.set(queries.subarray(q * dims, (q + 1) * dims), q * (dims + 1));
    const left = float32Tensor(padded, [count, dims + 1]);
    for (const [corpus, { perList, right, tableRows, logShares }] of described.entries()) {
      const lists = corpora[corpus]!.sizes.length;
      const output = await session.run({ left, right });
      const products = output.products!.data as Float32Array;
      for (let q = 0, at = 0; q < count; q++) {
        const into = q * sizes.length + firstLists[corpus]!;
        for (let list = 0, part = 0; list < lists; list++) {
          let largest = Number.NEGATIVE_INFINITY;
          for (const last = part + perList; part < last; part++, at++) {
            const log =
              logShares[part]! + table[tableRows[part]! + Math.floor((1 - products[at]!) * BINS_OF_1)]!;
            if (log > largest) largest = log;
          }
          logs[into + list] = largest;
        }
      }
    }
  }
}

/** The parts of a corpus's lists, and where in the table what is predicted for each starts. */
function describe({ parts: { perList, rows } }: CorpusStrata, dims: number) {
  const count = rows.length / (dims + 1);
  const tableRows = new Int32Array(count);
  const logShares = new Float32Array(count);
  for (let part = 0; part < count; part++) {
    const share = rows[part * (dims + 1) + dims]!;
    const spread = Math.round(spreadOf(rows, part, dims) * (SPREADS - 1));
    tableRows[part] = (spread * SHARES + Math.round(share * (SHARES - 1))) * DISTANCES;
    logShares[part] = Math.log(share) / 2;
  }
  return { perList, tableRows, logShares, right: float32Tensor(rows, [count, dims + 1]) };
}

/** E‖x − mean‖² over the unit vectors of a part. */
function spreadOf(rows: Float32Array, part: number, dims: number): number {
  const first = part * (dims + 1);
  let squares = 0;
  for (let j = first; j < first + dims; j++) squares += rows[j]! ** 2;
  return Math.max(0, 1 - squares);
}

/**
 * log √(E[K²] − share·E[K]²) of a part, nats, by spread, share and distance: times the share, what it adds to the variance of
 * its list when the other parts add nothing to the mean.
 */
function tabulate(kernel: Kernel, bandwidth: number, effectiveDims: number): Float32Array {
  const table = new Float32Array(SPREADS * SHARES * DISTANCES);
  for (let distance = 0; distance < DISTANCES; distance++) {
    const r = Math.sqrt((2 * (distance + 0.5)) / BINS_OF_1);
    const [log, slope] = [kernel.log(r, bandwidth), kernel.slope(r, bandwidth)];
    for (let spread = 0; spread < SPREADS; spread++) {
      const variance = Math.min((slope ** 2 * (spread / (SPREADS - 1))) / effectiveDims, MOST_SPREAD);
      for (let share = 0; share < SHARES; share++) {
        const rest = 1 + LEAST_VARIANCE - (share / (SHARES - 1)) * Math.exp(-variance);
        table[(spread * SHARES + share) * DISTANCES + distance] = log + variance + Math.log(rest) / 2;
      }
    }
  }
  return table;
}

/** How many dims the points of a part spread over: their spread over the variance of their products with other points. */
function spreadDims({ dims, corpora, firstLists, corpusOf }: Strata, pilot: FarSample): number {
  let [spread, variance] = [0, 0];
  for (let row = PILOT_QUERIES; row < pilot.lists.length; row++) {
    const list = pilot.lists[row]!;
    const corpus = corpusOf[list]!;
    const { perList, rows } = corpora[corpus]!.parts;
    const vector = pilot.vectors.subarray(row * dims, (row + 1) * dims);
    const part = nearestPart(vector, rows, (list - firstLists[corpus]!) * perList, perList);
    const mean = rows.subarray(part * (dims + 1), part * (dims + 1) + dims);
    for (let query = 0; query < PILOT_QUERIES; query++) {
      let residual = 0;
      for (let j = 0; j < dims; j++) residual += pilot.vectors[query * dims + j]! * (vector[j]! - mean[j]!);
      spread += spreadOf(rows, part, dims);
      variance += residual ** 2;
    }
  }
  return variance > 0 ? Math.min(dims, Math.max(1, spread / variance)) : dims;
}

function nearestPart(vector: Float32Array, rows: Float32Array, first: number, count: number): number {
  const dims = vector.length;
  let [nearest, smallest] = [first, Number.POSITIVE_INFINITY];
  for (let part = first; part < first + count; part++) {
    let squares = 0;
    for (let j = 0; j < dims; j++) squares += (vector[j]! - rows[part * (dims + 1) + j]!) ** 2;
    if (squares < smallest) [nearest, smallest] = [part, squares];
  }
  return nearest;
}

function productGraph(dims: number): Uint8Array {
  const graph = new Graph('products');
  const left = graph.input('left', 'float32', ['left', dims]);
  const right = graph.input('right', 'float32', ['right', dims]);
  graph.output('products', graph.op('Gemm', [left, right], { transB: 1 }), 'float32', ['left', 'right']);
  return graph.serialize();
}
