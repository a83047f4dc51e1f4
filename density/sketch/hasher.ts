import { randomLcg, randomNormal } from 'd3';
import { float32Tensor, Graph, sharedSession } from '../../onnx/index.js';
import type { SketchSettings } from './settings.js';

/** Codes of some vectors in some rows, valid until the next are asked for. */
export interface Codes {
  firstVector: number;
  vectors: number;
  firstRow: number;
  rows: number;
  /** `(vectors, rows)` row-major: the bucket of each vector in each row, 0 to 2^bits − 1. */
  codes: Uint32Array;
}

/** Hashes vectors by signed random projections. */
export interface Hasher {
  /** @param vectors `(count, dims)` row-major unit vectors */
  hash(vectors: Float32Array): AsyncGenerator<Codes>;
}

// Projections of a tile, 256 × 2048 float32, stay in the cache between the Gemm and the packing.
const TILE_VECTORS = 256;
const TILE_DIRECTIONS = 2048;
const FLOAT32_UNIT = 2 ** -24;
const NOT_UNIT = 1e-3;

/**
 * Draws the directions of all rows and opens the Gemm that projects on them.
 *
 * The sign of a projection that float32 cannot be sure of is taken from a float64 sum in order of the dims, so that a
 * vector has the same codes whatever batch, thread count or machine it is hashed with.
 */
export async function openHasher(settings: SketchSettings): Promise<Hasher> {
  const { dims, bits, rows } = settings;
  const directions = drawDirections(settings);
  const session = await sharedSession(`signed projections, ${dims} dims`, () => projectionGraph(dims));
  const tileRows = Math.max(1, Math.floor(TILE_DIRECTIONS / bits));
  // |fl(x·w) − x·w| ≤ γ‖x‖‖w‖ in whatever order it is summed (Higham 2002, §3.1), with γ = dims·u/(1 − dims·u).
  const unsure = ((dims * FLOAT32_UNIT) / (1 - dims * FLOAT32_UNIT)) * (1 + NOT_UNIT) ** 2;

  return {
    async *hash(vectors) {
      checkUnit(vectors, dims);
      const count = vectors.length / dims;
      // Of this call alone, so that two calls at once do not write into each other's.
      const projected = new Float32Array(Math.min(count, TILE_VECTORS) * tileRows * bits);
      const codes = new Uint32Array(Math.min(count, TILE_VECTORS) * tileRows);
      for (let firstVector = 0; firstVector < count; firstVector += TILE_VECTORS) {
        const tile = Math.min(TILE_VECTORS, count - firstVector);
        const points = vectors.subarray(firstVector * dims, (firstVector + tile) * dims);
        for (let firstRow = 0; firstRow < rows; firstRow += tileRows) {
          const wide = Math.min(tileRows, rows - firstRow);
          const columns = wide * bits;
          const onto = directions.subarray(firstRow * bits * dims, (firstRow * bits + columns) * dims);
          const values = projected.subarray(0, tile * columns);
          await session.run(
            {
              vectors: float32Tensor(points, [tile, dims]),
              directions: float32Tensor(onto, [columns, dims]),
            },
            { projections: float32Tensor(values, [tile, columns]) },
          );
          pack(values, points, onto, wide, codes);
          yield { firstVector, vectors: tile, firstRow, rows: wide, codes: codes.subarray(0, tile * wide) };
        }
      }
    },
  };

  /** The signs of `bits` projections after each other make one code, the first of them its highest bit. */
  function pack(
    values: Float32Array,
    points: Float32Array,
    onto: Float32Array,
    wide: number,
    codes: Uint32Array,
  ): void {
    const columns = wide * bits;
    let at = 0;
    for (let place = 0; at < values.length; place++) {
      let code = 0;
      for (let bit = 0; bit < bits; bit++, at++) {
        let value = values[at]!;
        if (value <= unsure && value >= -unsure) {
          value = product(points, Math.floor(at / columns) * dims, onto, (at % columns) * dims, dims);
        }
        code = (code << 1) | (value >= 0 ? 1 : 0);
      }
      codes[place] = code;
    }
  }
}

/** `(rows · bits, dims)` row-major directions, uniform on the unit sphere: normal numbers, made of unit length. */
function drawDirections({ dims, bits, rows, seed }: SketchSettings): Float32Array {
  const normal = randomNormal.source(randomLcg(seed))();
  const directions = new Float32Array(rows * bits * dims);
  const direction = new Float64Array(dims);
  for (let first = 0; first < directions.length; first += dims) {
    let squares = 0;
    for (let i = 0; i < dims; i++) {
      direction[i] = normal();
      squares += direction[i]! ** 2;
    }
    const norm = Math.sqrt(squares);
    for (let i = 0; i < dims; i++) directions[first + i] = direction[i]! / norm;
  }
  return directions;
}

function projectionGraph(dims: number): Uint8Array {
  const graph = new Graph('signed random projections');
  const vectors = graph.input('vectors', 'float32', ['vectors', dims]);
  const directions = graph.input('directions', 'float32', ['directions', dims]);
  const projections = graph.op('Gemm', [vectors, directions], { transB: 1 });
  graph.output('projections', projections, 'float32', ['vectors', 'directions']);
  return graph.serialize();
}

function checkUnit(vectors: Float32Array, dims: number): void {
  if (vectors.length % dims !== 0) {
    throw new RangeError(`${vectors.length} numbers are not a whole number of ${dims}-dim vectors.`);
  }
  for (let first = 0; first < vectors.length; first += dims) {
    const norm = Math.sqrt(product(vectors, first, vectors, first, dims));
    if (!(Math.abs(norm - 1) <= NOT_UNIT)) {
      throw new RangeError(
        `Vector ${first / dims} has the length ${norm.toPrecision(6)}; a sketch is of unit vectors: scale it to length 1.`,
      );
    }
  }
}

function product(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, dims: number): number {
  let sum = 0;
  for (let i = 0; i < dims; i++) sum += a[aFrom + i]! * b[bFrom + i]!;
  return sum;
}
