import type { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  float32Tensor,
  int8Tensor,
  type SessionOptions,
  sharedSession,
  uint8Tensor,
} from '../../onnx/index.js';
import type { Kernel } from '../kernels.js';
import { type Int8Output, int8Graph } from './int8-graphs.js';
import type { IntegerForm } from './integer-form.js';
import type { QuantisedTile } from './quantised-tile.js';
import type { QueryRoundings } from './query-roundings.js';

/** What `scale · cos + offset` is in columns without a point: no kernel is left of it. */
const FAR = 1e30;

/** Sums over the kernels of a tile, relative to exp(−shift). */
export interface TileSums {
  /** `(queries)`: the sums of the kernels, NaN where rounding made a squared distance negative. */
  totals: Float32Array;
  /** `(queries)`: the largest log kernel, nats. */
  maxima: Float32Array;
  /** `(queries)`: the sums of the kernels' squares, unbiased where they were folded. */
  squares: Float32Array;
}

/** Multiplies quantised queries by quantised points, and takes the kernels of the products. */
export interface Int8Product {
  /** @param shift `(queries)`: −log of the reference that kernel values are relative to, nats */
  sums(
    queries: QueryRoundings,
    rounding: number,
    tile: QuantisedTile,
    shift: Float32Array,
  ): Promise<TileSums>;
  /**
   * The logs of all kernels, `(chosen, columns)`, in nats: slower, as onnxruntime-node copies every output.
   *
   * @param chosen the queries to take
   */
  logs(
    queries: QueryRoundings,
    rounding: number,
    tile: QuantisedTile,
    chosen: readonly number[],
  ): Promise<Float32Array>;
}

/** Opens the graphs of `int8Graph` for a kernel, a bandwidth and queries of a form. */
export async function openInt8Product(
  kernel: Kernel,
  bandwidth: number,
  dims: number,
  options: SessionOptions & { form: IntegerForm; fold: number },
): Promise<Int8Product> {
  const { form, fold } = options;
  const open = (output: Int8Output) => {
    const name = `${kernel.name} int8 ${output}, ${form.bits} bits, folded by ${fold}, ${dims} dims`;
    return sharedSession(name, () => int8Graph(kernel, dims, form, output, fold), options);
  };
  const sumSession = await open('sums');
  const logSession = await open('logs');
  const scale = kernel.scale(bandwidth);
  const queryScale = float32Tensor(new Float32Array(1), [1]);
  const numbers = (count: number) => new Float32Array(count);
  let memory: [Float32Array, Float32Array, Float32Array] = [numbers(0), numbers(0), numbers(0)];
  return {
    async sums({ integers, scale, count }, rounding, tile, shift) {
      if (memory[0].length !== count) memory = [numbers(count), numbers(count), numbers(count)];
      const [totals, maxima, squares] = memory;
      const sums = { totals, maxima, squares };
      const feeds = feedsOf(integers[rounding]!, scale, tile, float32Tensor(shift, [count, 1]));
      await sumSession.run(feeds, {
        totals: float32Tensor(totals, [count]),
        maxima: float32Tensor(maxima, [count]),
        squares: float32Tensor(squares, [count]),
      });
      if (fold > 1) unfold(sums, togetherIn(tile, fold));
      return sums;
    },
    async logs({ integers, scale }, rounding, tile, chosen) {
      const shift = float32Tensor(new Float32Array(chosen.length), [chosen.length, 1]);
      const output = await logSession.run(feedsOf(rowsOf(integers[rounding]!, chosen), scale, tile, shift));
      return output.logs!.data as Float32Array;
    },
  };

  function feedsOf(
    queries: Tensor,
    scaleOfQueries: number,
    tile: QuantisedTile,
    shift: Tensor,
  ): InferenceSession.FeedsType {
    const factor = scale * scaleOfQueries;
    (queryScale.data as Float32Array)[0] = factor;
    return {
      queries,
      points: int8Tensor(tile.integers, [dims, tile.columns]),
      queryScale,
      pointScales: float32Tensor(tile.scales, [tile.columns]),
      offsets: offsetsOf(tile, factor),
      shift,
    };
  }

  /** What is added to a product: the kernel's offset, less the dither that queries were rounded with. */
  function offsetsOf({ columns, filled, scales, dithers }: QuantisedTile, factor: number): Tensor {
    const offset = kernel.offset(bandwidth);
    const offsets = new Float32Array(columns).fill(-Math.sign(scale) * FAR, filled);
    for (let i = 0; i < filled; i++) offsets[i] = offset - factor * scales[i]! * dithers[i]!;
    return float32Tensor(offsets, [columns]);
  }
}

/** Some rows of a `(queries, dims)` uint8 tensor. */
function rowsOf({ data, dims: [, dims] }: Tensor, chosen: readonly number[]): Tensor {
  const rows = new Uint8Array(chosen.length * dims!);
  for (const [i, q] of chosen.entries()) {
    rows.set((data as Uint8Array).subarray(q * dims!, (q + 1) * dims!), i * dims!);
  }
  return uint8Tensor(rows, [chosen.length, dims!]);
}

/** The probability that two of a tile's points are added before they are squared: they lie in its columns in random order. */
function togetherIn({ columns, filled }: QuantisedTile, fold: number): number {
  const groups = columns / fold;
  const larger = filled % groups;
  const size = Math.floor(filled / groups);
  const pairs = larger * (size + 1) * size + (groups - larger) * size * (size - 1);
  return filled > 1 ? pairs / (filled * (filled - 1)) : 0;
}

/** Takes the products of different kernels off folded squares: E[Σ(Σk)²] = Σk² + p((Σk)² − Σk²), with p for two to be added. */
function unfold({ totals, squares }: TileSums, together: number): void {
  for (let q = 0; q < squares.length; q++) {
    squares[q] = Math.max(squares[q]! - together * totals[q]! ** 2, 0) / (1 - together);
  }
}
