import { randomLcg, randomNormal } from 'd3';

/** Unit vectors around 20 centres, as sentence embeddings lie; row i is near centre i mod 20. */
export function clusteredVectors(rows: number, dims: number, seed: number): Float32Array {
  const centreNormal = randomNormal.source(randomLcg(0.5))();
  const centres = Array.from({ length: 20 * dims }, () => centreNormal());
  const normal = randomNormal.source(randomLcg(seed / 1000))();
  const vectors = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const raw = Array.from({ length: dims }, (_, j) => 0.8 * centres[(row % 20) * dims + j]! + normal());
    vectors.set(unit(raw), row * dims);
  }
  return vectors;
}

/** The vector at length 1. */
export function unit(vector: readonly number[]): number[] {
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}
