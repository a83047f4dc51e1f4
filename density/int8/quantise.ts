import { shuffler } from 'd3';
import type { VectorReader } from '../../store/index.js';
import { seededUniform } from '../seeded.js';
import { type QuantisedTile, tileBytes, tileOver } from './quantised-tile.js';
import { queryDithers } from './query-dither.js';
import { roundingOf, type Stretch, stretchesOf } from './stretch.js';

/** Steps of the largest magnitude: a little less than int8 has in both signs, so that no rounding leaves it. */
export const LARGEST = 126.99;
const READ_ROWS = 512;

/** A tile with the stretch that it is of and its number in it. */
export interface NumberedTile {
  stretch: Stretch;
  number: number;
  /** Its number over all stretches of its corpus. */
  index: number;
  tile: QuantisedTile;
}

/**
 * Rounds vectors to int8 with a scale for each, max |x| / 126.99; one stretch of them is in memory at a time, and a tile is valid
 * until the next stretch.
 *
 * Rounding is stochastic, ⌊x/scale + u⌋ with u uniform on [0, 1): an inner product with any vector is right on average, and
 * its error has the variance Σ qⱼ² f(1 − f) scale² with f uniform, so scale²/6 for a unit vector q. Only the first u of every dim is
 * drawn, the next are what rounding left over (error diffusion, Floyd & Steinberg 1976): uniform too, and the errors of
 * rows that follow one another, which weigh about the same, cancel.
 *
 * @param rows how many of the reader's rows
 * @param seed the same seed rounds the same way
 * @param isWanted whether the tile of that index is wanted; all are rounded, as errors go from one to the next
 */
export function* quantise(
  reader: VectorReader,
  rows: number,
  seed: number,
  isWanted: (index: number) => boolean = () => true,
): Generator<NumberedTile> {
  const { dims } = reader;
  const random = seededUniform(seed);
  const shuffle = shuffler(random);
  const remainders = Float64Array.from({ length: dims }, random);
  const dithers = queryDithers(dims, seed);
  const vectors = new Float32Array(READ_ROWS * dims);
  let index = 0;
  for (const stretch of stretchesOf(rows)) {
    const slots = shuffle(Uint32Array.from({ length: stretch.rows }, (_, slot) => slot));
    const bytes = tileBytes(stretch.columns, dims);
    const memory = new ArrayBuffer(bytes * stretch.tiles);
    const tiles = Array.from({ length: stretch.tiles }, (_, number) => {
      return tileOver(memory, number * bytes, stretch, number, dims);
    });
    for (let from = 0; from < stretch.rows; from += READ_ROWS) {
      const count = Math.min(READ_ROWS, stretch.rows - from);
      reader.read(stretch.firstRow + from, count, vectors);
      for (let i = 0; i < count; i++) {
        const slot = slots[from + i]!;
        const number = slot % stretch.tiles;
        const tile = tiles[number]!;
        const column = Math.floor(slot / stretch.tiles);
        tile.rows[column] = stretch.firstRow + from + i;
        roundInto(
          tile,
          column,
          vectors.subarray(i * dims, (i + 1) * dims),
          remainders,
          dithers[roundingOf(number, stretch)]!,
        );
      }
    }
    for (const [number, tile] of tiles.entries()) {
      if (isWanted(index)) yield { stretch, number, index, tile };
      index++;
    }
  }
}

function roundInto(
  { integers, columns, scales, dithers }: QuantisedTile,
  column: number,
  vector: Float32Array,
  remainders: Float64Array,
  dither: Float32Array,
): void {
  const scale = scaleOf(vector);
  let product = 0;
  for (let j = 0; j < vector.length; j++) {
    const steps = vector[j]! / scale + remainders[j]!;
    const rounded = Math.floor(steps);
    remainders[j] = steps - rounded;
    integers[j * columns + column] = rounded;
    product += rounded * dither[j]!;
  }
  dithers[column] = product;
  scales[column] = scale;
}

/** The scale at which the largest magnitude is `LARGEST`; 1 for a vector of zeros. */
function scaleOf(vector: Float32Array): number {
  const largest = largestMagnitude(vector);
  // As float32, for which it is kept.
  return largest > 0 ? Math.fround(largest / LARGEST) : 1;
}

/** The largest absolute value of some numbers. */
export function largestMagnitude(numbers: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) largest = Math.max(largest, Math.abs(numbers[i]!));
  return largest;
}
