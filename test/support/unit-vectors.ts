import { randomLcg, randomNormal } from 'd3';

/** `(rows, dims)` row-major float32 vectors, uniform on the unit sphere; the same for the same seed. */
export function unitVectors(rows: number, dims: number, seed: number): Float32Array {
  const normal = randomNormal.source(randomLcg(seed))();
  const vectors = Float32Array.from({ length: rows * dims }, normal);
  for (let row = 0; row < rows; row++) {
    const vector = vectors.subarray(row * dims, (row + 1) * dims);
    const norm = Math.hypot(...vector);
    for (let i = 0; i < dims; i++) vector[i] = vector[i]! / norm;
  }
  return vectors;
}
