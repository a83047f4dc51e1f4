import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import { drawFarSample, type FarSample } from './far-sample.js';
import type { Strata } from './strata.js';

/**
 * What a query's kernels over each list are expected to be, from the list's first two moments. Only the work is dealt out
 * by it: a bad prediction costs precision and never makes an estimate wrong on average.
 */
export type Predict = (queries: Float32Array) => Promise<Float32Array>;

/** Points that the spread is measured on, and how many of them take the place of queries. */
const PILOT_ROWS = 256;
const PILOT_QUERIES = 32;
/** More than this, nats, no spread adds to a prediction: it would be about points that hardly any list has. */
const MOST_SPREAD = 6;
const LEAST_DISTANCE = 1e-3;
/** Of a list of equal points too something is predicted, so that it has its place among the others. */
const LEAST_VARIANCE = 1e-6;

/**
 * Predicts the log of the standard deviation of K for queries and lists, nats, as `(queries, lists)` row-major: the points of a list lie at
 * E‖q − x‖² = 2 − 2·q·mean, and the log kernel scatters about its value there by σ, so that the standard
 * deviation is that of a lognormal, K·exp(σ²)·√(1 − exp(−σ²)).
 * σ follows from the list's spread and from how many dims it goes over, which is measured on a few points drawn for that.
 *
 * @param random gives numbers from 0 up to 1
 * @param queries `(queries, dims)` row-major unit vectors
 */
export async function openPrediction(
  strata: Strata,
  kernel: Kernel,
  bandwidth: number,
  random: () => number,
  options: SessionOptions,
): Promise<Predict> {
  const { dims, spreads } = strata;
  const lists = spreads.length;
  const effectiveDims = spreadDims(strata, drawFarSample(strata, PILOT_ROWS, random));
  const session = await sharedSession(`products, ${dims} dims`, () => productGraph(dims), options);
  const means = strata.corpora.map((corpus) => float32Tensor(corpus.means, [corpus.sizes.length, dims]));
  return async (queries) => {
    const count = queries.length / dims;
    const logs = new Float32Array(count * lists);
    const left = float32Tensor(queries, [count, dims]);
    for (const [corpus, right] of means.entries()) {
      const output = await session.run({ left, right });
      const products = output.products!.data as Float32Array;
      const columns = right.dims[0]!;
      for (let q = 0; q < count; q++) {
        const from = q * lists + strata.firstLists[corpus]!;
        for (let list = 0; list < columns; list++) {
          const spread = spreads[strata.firstLists[corpus]! + list]!;
          logs[from + list] = predicted(products[q * columns + list]!, spread);
        }
      }
    }
    return logs;
  };

  function predicted(product: number, spread: number): number {
    const r = Math.sqrt(Math.max(2 - 2 * product, LEAST_DISTANCE ** 2));
    const variance = Math.min((kernel.slope(r, bandwidth) ** 2 * spread) / effectiveDims, MOST_SPREAD);
    return kernel.log(r, bandwidth) + variance + Math.log(-Math.expm1(-variance) + LEAST_VARIANCE) / 2;
  }
}

/** How many dims the points of a list spread over: their spread over the variance of their products with other points. */
function spreadDims({ dims, spreads, corpora, firstLists, corpusOf }: Strata, pilot: FarSample): number {
  let [spread, variance] = [0, 0];
  for (let row = PILOT_QUERIES; row < pilot.lists.length; row++) {
    const list = pilot.lists[row]!;
    const { means } = corpora[corpusOf[list]!]!;
    const mean = (list - firstLists[corpusOf[list]!]!) * dims;
    for (let query = 0; query < PILOT_QUERIES; query++) {
      let residual = 0;
      for (let j = 0; j < dims; j++) {
        residual += pilot.vectors[query * dims + j]! * (pilot.vectors[row * dims + j]! - means[mean + j]!);
      }
      spread += spreads[list]!;
      variance += residual ** 2;
    }
  }
  return variance > 0 ? Math.min(dims, Math.max(1, spread / variance)) : dims;
}

function productGraph(dims: number): Uint8Array {
  const graph = new Graph('products');
  const left = graph.input('left', 'float32', ['left', dims]);
  const right = graph.input('right', 'float32', ['right', dims]);
  graph.output('products', graph.op('Gemm', [left, right], { transB: 1 }), 'float32', ['left', 'right']);
  return graph.serialize();
}
