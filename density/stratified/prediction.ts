import { float32Tensor, Graph, type SessionOptions, sharedSession } from '../../onnx/index.js';
import { type Kernel, type KernelName, kernelNamed } from '../kernels.js';
import type { Strata } from './strata.js';

/**
 * What kernels over own tiles are expected to be, from the tiles' means. Only the work is dealt out by it: a bad prediction costs
 * precision and never makes an estimate wrong on average.
 */
export interface Prediction {
  /** Nats of one code. */
  readonly step: number;
  /** −log √E[K²] of queries and own tiles in steps, `(queries, own)` row-major. */
  predict(queries: Float32Array): Promise<Uint16Array>;
}

/** More than this, nats, no spread adds to a prediction: it would be about points that hardly any tile has. */
const MOST_SPREAD = 9;
/** Log kernels scatter with longer tails than those of a normal distribution: so many times its variance tells best what is near. */
const TAIL = 1.5;
/** Predictions are tabulated at so many distances (evenly in 1 − q·mean, 0 to 2) and spreads (0 to 1). */
const DISTANCES = 1024;
const BINS_OF_1 = (DISTANCES - 1) / 2;
const SPREADS = 64;
/** Predictions are told apart by this, nats, where all of them fit into codes. */
const STEP = 0.05;
const LARGEST_CODE = 65_535;
const BLOCK_QUERIES = 128;

/**
 * Predicts √E[K²] for queries and tiles: the points of a tile lie at E‖q − x‖² = 2 − 2·q·mean, and the log kernel scatters
 * about its value there by σ, so that its moments are those of a lognormal. σ follows from the tile's spread,
 * E‖x − mean‖² = 1 − ‖mean‖², and from how many dims it goes over, which was measured on a few points drawn for that.
 */
export async function openPrediction(
  { own, means, spreads, dims, effectiveDims }: Strata,
  { bandwidth, ...options }: SessionOptions & { kernel: KernelName; bandwidth: number },
): Promise<Prediction> {
  const kernel = kernelNamed(options.kernel);
  const session = await sharedSession(`products, ${dims + 1} dims`, () => productGraph(dims + 1), options);
  const step = Math.max(STEP, -kernel.log(2, bandwidth) / LARGEST_CODE);
  const table = tabulate(kernel, bandwidth, effectiveDims, step);
  const tableRows = Int32Array.from(spreads, (spread) => Math.round(spread * (SPREADS - 1)) * DISTANCES);
  const right = float32Tensor(means, [own.length, dims + 1]);
  return {
    step,
    async predict(queries) {
      const codes = new Uint16Array((queries.length / dims) * own.length);
      const products = new Float32Array(Math.min(queries.length / dims, BLOCK_QUERIES) * own.length);
      for (let from = 0; from * dims < queries.length; from += BLOCK_QUERIES) {
        const block = queries.subarray(from * dims, (from + BLOCK_QUERIES) * dims);
        await predictBlock(block, products, codes.subarray(from * own.length));
      }
      return codes;
    },
  };

  async function predictBlock(
    queries: Float32Array,
    products: Float32Array,
    codes: Uint16Array,
  ): Promise<void> {
    const count = queries.length / dims;
    // The dim behind the others, where tiles have their rows, adds nothing to a product.
    const padded = new Float32Array(count * (dims + 1));
    for (let q = 0; q < count; q++) padded.set(queries.subarray(q * dims, (q + 1) * dims), q * (dims + 1));
    const left = float32Tensor(padded, [count, dims + 1]);
    const into = float32Tensor(products.subarray(0, count * own.length), [count, own.length]);
    await session.run({ left, right }, { products: into });
    for (let q = 0, at = 0; q < count; q++) {
      for (let tile = 0; tile < own.length; tile++, at++)
        codes[at] = table[(tableRows[tile]! + (1 - products[at]!) * BINS_OF_1) | 0]!;
    }
  }
}

/** Codes by spread and distance. */
function tabulate(kernel: Kernel, bandwidth: number, effectiveDims: number, step: number): Uint16Array {
  const table = new Uint16Array(SPREADS * DISTANCES);
  for (let distance = 0; distance < DISTANCES; distance++) {
    const r = Math.sqrt((2 * (distance + 0.5)) / BINS_OF_1);
    const [log, slope] = [kernel.log(r, bandwidth), kernel.slope(r, bandwidth)];
    for (let spread = 0; spread < SPREADS; spread++) {
      const variance = Math.min((TAIL * slope ** 2 * (spread / (SPREADS - 1))) / effectiveDims, MOST_SPREAD);
      const code = Math.round(-(log + variance) / step);
      table[spread * DISTANCES + distance] = Math.min(LARGEST_CODE, Math.max(0, code));
    }
  }
  return table;
}

function productGraph(dims: number): Uint8Array {
  const graph = new Graph('products');
  const left = graph.input('left', 'float32', ['left', dims]);
  const right = graph.input('right', 'float32', ['right', dims]);
  graph.output('products', graph.op('Gemm', [left, right], { transB: 1 }), 'float32', ['left', 'right']);
  return graph.serialize();
}
