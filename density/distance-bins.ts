/*
 * The bins that distances are counted in. A squared distance r² of unit vectors is moved up by 1/64, and the leading
 * bits of that float32 number are its bin: log-spaced from r = 1/8 up, evenly spaced in r² below, where log-spaced bins
 * would be finer than any bandwidth needs. No logarithm is taken.
 */

/** What squared distances are moved up by before they are binned. */
export const RAISED_BY = 2 ** -6;
const MANTISSA_BITS = 11;
/** Bits of a raised float32 squared distance that its bin leaves out. */
export const BIN_SHIFT = 23 - MANTISSA_BITS;
const OCTAVES = 9; // from 2^-7 to 4
const [FLOAT, BITS] = floatWithBits();
FLOAT[0] = RAISED_BY / 2;
/** The leading bits of bin 0. The lowest octave is there for squares that rounding has made less than 0. */
export const FIRST_BIN = BITS[0]! >> BIN_SHIFT;
/** Bins up to the diameter 2 and a little beyond. */
export const BINS = OCTAVES * 2 ** MANTISSA_BITS + 32;
/** The first bin of distances that rounding can tell from 0. */
export const FIRST_APART = 2 ** MANTISSA_BITS + 1;
/** The distance where that bin begins. */
export const APART = Math.sqrt(RAISED_BY * 2 ** -MANTISSA_BITS);
/** Largest error of a float32 squared distance of unit vectors: twice the cosine's, and roundings at up to 4. */
export const SQUARE_ERROR = 1e-6;

/** Between which distances the points of each bin lie, in float64, rounding of their float32 squares included. */
export const EDGES = {
  low: eachBin((low) => rootOf(low - SQUARE_ERROR)),
  middle: eachBin((low, high) => rootOf((low + high) / 2)),
  high: eachBin((_, high) => rootOf(high + SQUARE_ERROR)),
};

/** The bin of a distance, at most the rounding of its square away from the one that it was counted in. */
export function binOf(distance: number): number {
  FLOAT[0] = distance ** 2 + RAISED_BY;
  return (BITS[0]! >> BIN_SHIFT) - FIRST_BIN;
}

function eachBin(distanceOf: (lowSquare: number, highSquare: number) => number): Float64Array {
  return Float64Array.from({ length: BINS }, (_, bin) => distanceOf(squareAt(bin), squareAt(bin + 1)));
}

function squareAt(bin: number): number {
  BITS[0] = (bin + FIRST_BIN) << BIN_SHIFT;
  return FLOAT[0]! - RAISED_BY;
}

function rootOf(square: number): number {
  return Math.sqrt(Math.max(0, square));
}

function floatWithBits(): [Float32Array, Int32Array] {
  const float = new Float32Array(1);
  return [float, new Int32Array(float.buffer)];
}
