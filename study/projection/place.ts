import type { ProjectionFrame } from '../../store/index.js';
import { nearestLandmarks, ROWS } from './nearest-landmarks.js';

/** Landmarks that a vector is placed between. */
const BETWEEN = 15;

/**
 * Places vectors in two dims: along the two directions of a frame of PCA; else between the nearest landmarks, each weighing
 * exp(−(d − d₁)/σ) with d₁ the distance of the nearest and σ the mean of d − d₁, so that a landmark is where it was laid out.
 *
 * @param vectors `(rows, dims)` row-major unit vectors
 * @returns `(rows, 2)`
 */
export async function place(
  vectors: Float32Array,
  frame: ProjectionFrame,
  { dims }: { dims: number },
): Promise<Float32Array> {
  if (frame.places.length === 0) return along(vectors, frame.vectors, dims);
  const places = new Float32Array((2 * vectors.length) / dims);
  const k = Math.min(BETWEEN, frame.places.length / 2);
  for (let from = 0; from * dims < vectors.length; from += ROWS) {
    const own = vectors.subarray(from * dims, (from + ROWS) * dims);
    const found = await nearestLandmarks(own, frame.vectors, { dims, k });
    for (let i = 0; i * k < found.landmarks.length; i++) {
      const nearest = found.landmarks.subarray(i * k, (i + 1) * k);
      places.set(
        between(nearest, found.distances.subarray(i * k, (i + 1) * k), frame.places),
        2 * (from + i),
      );
    }
  }
  return places;
}

function between(nearest: Int32Array, distances: Float32Array, places: Float32Array): [number, number] {
  const [first] = distances as unknown as [number]; // there is at least one landmark
  const spread = distances.reduce((sum, distance) => sum + distance - first, 0) / distances.length;
  // The landmark itself.
  if (first < SAME || spread === 0) return [places[2 * nearest[0]!]!, places[2 * nearest[0]! + 1]!];
  let [total, x, y] = [0, 0, 0];
  nearest.forEach((landmark, i) => {
    const weight = Math.exp((first - distances[i]!) / spread);
    total += weight;
    x += weight * places[2 * landmark]!;
    y += weight * places[2 * landmark + 1]!;
  });
  return [x / total, y / total];
}

/** float32 products of a vector with itself are off by less than 1e-6, which is this distance. */
const SAME = 2e-3;

function along(vectors: Float32Array, axes: Float32Array, dims: number): Float32Array {
  const places = new Float32Array((2 * vectors.length) / dims);
  for (let row = 0; row * dims < vectors.length; row++) {
    let [x, y] = [0, 0];
    for (let i = 0; i < dims; i++) {
      const centred = vectors[row * dims + i]! - axes[i]!;
      x += centred * axes[dims + i]!;
      y += centred * axes[2 * dims + i]!;
    }
    places[2 * row] = x;
    places[2 * row + 1] = y;
  }
  return places;
}
