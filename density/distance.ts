/**
 * The Euclidean distance of two float32 vectors, in float64.
 *
 * @param a vector that starts at `aFrom`
 * @param b vector that starts at `bFrom`
 */
export function distance(
  a: Float32Array,
  aFrom: number,
  b: Float32Array,
  bFrom: number,
  dims: number,
): number {
  let sum = 0;
  for (let i = 0; i < dims; i++) {
    const difference = a[aFrom + i]! - b[bFrom + i]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
