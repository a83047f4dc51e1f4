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
import { TILE_BLOCKS } from './stretch.js';

/** What `scale · cos + offset` is in columns without a point: no kernel is left of it. */
const FAR = 1e30;

/** Sums over the kernels of a tile, relative to exp(−shift). */
export interface TileSums {
  /** `(queries)`: the sums of the kernels, NaN where rounding made a squared distance negative. */
  totals: Float32Array;
  /** `(queries, TILE_BLOCKS)` row-major: the largest log kernel of each block of columns, nats. */
  maxima: Float32Array;
  /** `(queries)`: the sums of the kernels' squares, unbiased where they were folded. */
  squares: Float32Array;
  /** `(queries, sources)` row-major: the sums of the kernels of each source's points, where they were asked for. */
  bySource: Float32Array;
}

/** Which source the points of a tile's columns are of: `(columns, sources)` row-major, 1 there and 0 elsewhere. */
export interface ColumnSources {
  sources: number;
  ofSource: Float32Array;
}

/** What a product needs of a tile, or of a block of it. */
type ProductTile = Omit<QuantisedTile, 'bytes' | 'rows'>;

/** Multiplies quantised queries by quantised points, and takes the kernels of the products. */
export interface Int8Product {
  /**
   * @param shift `(queries)`: −log of the reference that kernel values are relative to, nats
   * @param columnSources where sums by source are asked for
   * @returns valid until the next call
   */
  sums(
    queries: QueryRoundings,
    rounding: number,
    tile: ProductTile,
    shift: Float32Array,
    columnSources?: ColumnSources,
  ): Promise<TileSums>;
  /**
   * The logs of all kernels, `(chosen, columns)`, in nats; valid until the next call.
   *
   * @param chosen the queries to take
   */
  logs(
    queries: QueryRoundings,
    rounding: number,
    tile: ProductTile,
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
  const sessions = { sums: await open('sums'), logs: await open('logs') };
  const scale = kernel.scale(bandwidth);
  const queryScale = float32Tensor(new Float32Array(1), [1]);
  let memory = sumsOf(0, 0);
  let logs = new Float32Array(0);
  return {
    async sums({ integers, scale, count }, rounding, tile, shift, columnSources) {
      const sources = columnSources?.sources ?? 0;
      if (memory.totals.length !== count || memory.bySource.length !== count * sources)
        memory = sumsOf(count, sources);
      const feeds = feedsOf(integers[rounding]!, scale, tile, float32Tensor(shift, [count, 1]));
      const fetches = {
        totals: float32Tensor(memory.totals, [count]),
        maxima: float32Tensor(memory.maxima, [count, TILE_BLOCKS]),
        squares: float32Tensor(memory.squares, [count]),
      };
      if (columnSources) {
        const ofSource = float32Tensor(columnSources.ofSource, [tile.columns, sources]);
        const bySource = float32Tensor(memory.bySource, [count, sources]);
        const session = await open('shares');
        await session.run({ ...feeds, ofSource }, { ...fetches, bySource });
      } else await sessions.sums.run(feeds, fetches);
      if (fold > 1) unfold(memory, togetherIn(tile, fold));
      return memory;
    },
    async logs({ integers, scale }, rounding, tile, chosen) {
      const count = chosen.length * tile.columns;
      if (logs.length < count) logs = new Float32Array(count);
      const shift = float32Tensor(new Float32Array(chosen.length), [chosen.length, 1]);
      const feeds = feedsOf(rowsOf(integers[rounding]!, chosen), scale, tile, shift);
      const fetched = float32Tensor(logs.subarray(0, count), [chosen.length, tile.columns]);
      await sessions.logs.run(feeds, { logs: fetched });
      return logs;
    },
  };

  function feedsOf(
    queries: Tensor,
    scaleOfQueries: number,
    tile: ProductTile,
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
  function offsetsOf({ columns, filled, scales, dithers }: ProductTile, factor: number): Tensor {
    const offset = kernel.offset(bandwidth);
    const offsets = new Float32Array(columns).fill(-Math.sign(scale) * FAR, filled);
    for (let i = 0; i < filled; i++) offsets[i] = offset - factor * scales[i]! * dithers[i]!;
    return float32Tensor(offsets, [columns]);
  }
}

/** Room for the sums of some queries. */
function sumsOf(queries: number, sources: number): TileSums {
  const numbers = (each: number) => new Float32Array(each * queries);
  return {
    ...{ totals: numbers(1), squares: numbers(1) },
    ...{ maxima: numbers(TILE_BLOCKS), bySource: numbers(sources) },
  };
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
function togetherIn({ columns, filled }: ProductTile, fold: number): number {
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
