import { extent } from 'd3';
import { UMAP } from 'umap-js';
import { seededUniform } from '../../density/index.js';
import { Interrupted, type OnProgress } from '../../store/index.js';
import { nearestLandmarks, ROWS } from './nearest-landmarks.js';
import { place } from './place.js';

/** How landmarks are laid out. */
export interface LayoutOptions {
  dims: number;
  neighbours: number;
  seed: number;
  /** `(3, dims)`: the mean and principal directions, where the layout begins. */
  axes: Float32Array;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** The width that a layout begins with; UMAP's own spectral start has the same. */
const WIDTH = 20;

/**
 * Lays landmarks out by UMAP (McInnes, Healy and Melville 2018) with exact neighbours, beginning with their principal components, which keeps the
 * large shape the same from seed to seed (Kobak and Linderman 2021).
 *
 * @param landmarks `(rows, dims)` row-major unit vectors
 * @returns `(rows, 2)`
 */
export async function layOut(landmarks: Float32Array, options: LayoutOptions): Promise<Float32Array> {
  const { dims, neighbours, seed, onProgress, signal } = options;
  const rows = landmarks.length / dims;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let from = 0; from < rows; from += ROWS) {
    const own = landmarks.subarray(from * dims, (from + ROWS) * dims);
    const found = await nearestLandmarks(own, landmarks, { dims, k: neighbours });
    for (let i = 0; i * neighbours < found.landmarks.length; i++) {
      indices.push([...found.landmarks.subarray(i * neighbours, (i + 1) * neighbours)]);
      distances.push([...found.distances.subarray(i * neighbours, (i + 1) * neighbours)]);
    }
  }
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, random: seededUniform(seed) });
  umap.setPrecomputedKNN(indices, distances);
  // With neighbours known, only the number of rows is looked at.
  const epochs = umap.initializeFit(indices);
  const layout = umap.getEmbedding();
  const start = await place(landmarks, { vectors: options.axes, places: new Float32Array() }, { dims });
  const [low = 0, high = 1] = extent(start);
  layout.forEach((at, i) => {
    at[0] = (start[2 * i]! * WIDTH) / (high - low || 1);
    at[1] = (start[2 * i + 1]! * WIDTH) / (high - low || 1);
  });
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (signal?.aborted) throw new Interrupted('Stopped; nothing of the projection was kept.');
    umap.step();
    onProgress?.({ step: 'laying landmarks out', done: epoch + 1, total: epochs, unit: 'epochs' });
  }
  return Float32Array.from(layout.flat());
}
