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
  // Four sums at a time: one would wait for each addition before the next.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = dims - (dims % 4);
  for (let i = 0; i < whole; i += 4) {
    const d0 = a[aFrom + i]! - b[bFrom + i]!;
    const d1 = a[aFrom + i + 1]! - b[bFrom + i + 1]!;
    const d2 = a[aFrom + i + 2]! - b[bFrom + i + 2]!;
    const d3 = a[aFrom + i + 3]! - b[bFrom + i + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (let i = whole; i < dims; i++) s0 += (a[aFrom + i]! - b[bFrom + i]!) ** 2;
  return Math.sqrt(s0 + s1 + (s2 + s3));
}
