import { DataError } from '../../store/index.js';

/** A run of rows of a file of vectors. */
export interface VectorBlock {
  /** `(rows, dims)` row-major, as they are in the file. */
  vectors: Float32Array;
  /** The id of each row, where the file has ids. */
  ids?: string[];
}

/** A file of vectors that is read from its beginning to its end, a block at a time. */
export interface VectorFileSource {
  file: string;
  dims: number;
  /** Where the format says it without reading all. */
  rows?: number;
  hasIds: boolean;
  blocks(): AsyncGenerator<VectorBlock>;
}

/** Numbers of a block, about 6 MB as float32: memory does not grow with the file. */
export const BLOCK_NUMBERS = 1 << 20;

/** How many whole rows make a block. */
export function blockRows(dims: number): number {
  return Math.max(1, Math.floor(BLOCK_NUMBERS / dims));
}

/** What is left of a unit vector's squared length, for which no rescaling is worth the name. */
const UNIT_ERROR = 1e-3;

/**
 * A vector at length 1.
 *
 * @param at file and row, for the message
 * @throws DataError for a number that is not finite, or a vector of zeros
 */
export function unitVector(vector: Float32Array, at: string): { unit: Float32Array; rescaled: boolean } {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  if (!(squares > 0 && squares < Number.POSITIVE_INFINITY)) {
    const bad = vector.findIndex((x) => !Number.isFinite(x));
    throw new DataError(
      bad >= 0
        ? `${at}: the vector has ${vector[bad]} in dim ${bad}; take the row out of vectors and texts.`
        : `${at}: the vector is zero and has no direction; take the row out of vectors and texts.`,
    );
  }
  const scale = 1 / Math.sqrt(squares);
  return { unit: vector.map((x) => x * scale), rescaled: Math.abs(squares - 1) > UNIT_ERROR };
}
