import { randomLcg, shuffler } from 'd3';
import type { VectorReader } from '../../store/index.js';
import { type QuantisedTile, tileBytes, tileOver } from './quantised-tile.js';
import { type Stretch, stretchesOf } from './stretch.js';

/** Steps of the largest magnitude: a little less than int8 has in both signs, so that no rounding leaves it. */
export const LARGEST = 126.99;

/** A tile with the stretch that it is of and its number in it. */
export interface NumberedTile {
  stretch: Stretch;
  number: number;
  tile: QuantisedTile;
}

/**
 * Rounds vectors to int8 with a scale for each, max |x| / 126.99, one stretch in memory at a time; a tile is valid until the next.
 *
 * Rounding is stochastic, ⌊x/scale + u⌋ with u uniform on [0, 1): an inner product with any vector is right on average, and
 * its error has the variance Σ qⱼ² f(1 − f) scale² with f uniform, so scale²/6 for a unit vector q.
 *
 * @param rows how many of the reader's rows
 * @param seed the same seed rounds the same way
 */
export function* quantise(reader: VectorReader, rows: number, seed: number): Generator<NumberedTile> {
  const { dims } = reader;
  const random = randomLcg(seed);
  const shuffle = shuffler(random);
  for (const stretch of stretchesOf(rows)) {
    const vectors = new Float32Array(stretch.rows * dims);
    reader.read(stretch.firstRow, stretch.rows, vectors);
    const order = shuffle(Uint32Array.from({ length: stretch.rows }, (_, row) => row));
    const memory = new ArrayBuffer(tileBytes(stretch.columns, dims));
    for (let number = 0; number < stretch.tiles; number++) {
      const tile = tileOver(memory, stretch, number, dims);
      tile.bytes.fill(0);
      for (let column = 0; column < tile.filled; column++) {
        const row = order[number + column * stretch.tiles]!;
        tile.rows[column] = stretch.firstRow + row;
        tile.scales[column] = roundInto(tile, column, vectors.subarray(row * dims, (row + 1) * dims), random);
      }
      yield { stretch, number, tile };
    }
  }
}

function roundInto(
  { integers, columns }: QuantisedTile,
  column: number,
  vector: Float32Array,
  random: () => number,
): number {
  const scale = scaleOf(vector);
  for (let j = 0; j < vector.length; j++) {
    integers[j * columns + column] = Math.floor(vector[j]! / scale + random());
  }
  return scale;
}

/** The scale at which the largest magnitude is `LARGEST`; 1 for a vector of zeros. */
export function scaleOf(vector: Float32Array): number {
  let largest = 0;
  for (let j = 0; j < vector.length; j++) largest = Math.max(largest, Math.abs(vector[j]!));
  // As float32, for which it is kept.
  return largest > 0 ? Math.fround(largest / LARGEST) : 1;
}
