import { DataError } from '../../store/index.js';
import type { Pooling } from './embedder-choice.js';

/** The token vectors of a batch of texts, each padded behind its own tokens. */
export interface TokenVectors {
  /** `(texts, tokens, dims)` row-major */
  data: Float32Array;
  /** Tokens of the longest text. */
  tokens: number;
  dims: number;
}

/**
 * One unit vector of the vectors of a text's tokens.
 *
 * @param row the text in the batch
 * @param length tokens of the text, without padding
 * @param index the text's number, for the message
 * @throws DataError for a vector that has no direction
 */
export function pooled(
  vectors: TokenVectors,
  row: number,
  length: number,
  pooling: Pooling,
  index: number,
): Float32Array {
  const { data, tokens, dims } = vectors;
  const first = row * tokens * dims;
  const sum = new Float64Array(dims);
  if (pooling === 'mean' || pooling === 'max') {
    if (pooling === 'max') sum.fill(Number.NEGATIVE_INFINITY);
    for (let token = 0; token < length; token++) {
      for (let j = 0; j < dims; j++) {
        const x = data[first + token * dims + j]!;
        // The mean's divisor goes with the length of the vector.
        sum[j] = pooling === 'mean' ? sum[j]! + x : Math.max(sum[j]!, x);
      }
    }
  } else {
    const at = first + (pooling === 'cls' ? 0 : length - 1) * dims;
    sum.set(data.subarray(at, at + dims));
  }
  return unitVector(sum, index);
}

/**
 * A vector at length 1, as float32.
 *
 * @throws DataError naming the text where the vector is zero or not finite
 */
export function unitVector(vector: ArrayLike<number>, index: number): Float32Array {
  const unit = Float32Array.from(vector);
  let squares = 0;
  for (let j = 0; j < vector.length; j++) squares += vector[j]! * vector[j]!;
  if (squares === 0)
    throw new DataError(`Text ${index} has a zero vector: the model knows none of its tokens.`);
  if (!Number.isFinite(squares))
    throw new DataError(`Text ${index} has a vector that is not finite (NaN or ∞): the model fails on it.`);
  const norm = Math.sqrt(squares);
  for (let j = 0; j < vector.length; j++) unit[j] = vector[j]! / norm;
  return unit;
}
