import { range, shuffler } from 'd3';
import { type Points, seededUniform } from '../../density/index.js';

/** Training points that stand for all of them. */
export interface Landmarks {
  /** `(rows, dims)` row-major. */
  vectors: Float32Array;
  /** Of which of the points each is, and its row there. */
  rows: { corpus: number; row: number }[];
}

/** Draws points at random, without replacement and all alike; all of them where there are no more. */
export function drawLandmarks(points: readonly Points[], wanted: number, seed: number): Landmarks {
  const { dims } = points[0]!.reader;
  const sizes = points.map(({ reader }) => reader.rows);
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const rows = drawDistinct(n, Math.min(wanted, n), seededUniform(seed))
    .sort((a, b) => a - b)
    .map((at) => {
      let corpus = 0;
      let row = at;
      while (row >= sizes[corpus]!) row -= sizes[corpus++]!;
      return { corpus, row };
    });
  const vectors = new Float32Array(rows.length * dims);
  rows.forEach(({ corpus, row }, i) => {
    points[corpus]!.reader.read(row, 1, vectors.subarray(i * dims, (i + 1) * dims));
  });
  return { vectors, rows };
}

/** Numbers below n, all different. Few of many are drawn one by one, so that memory does not grow with n. */
function drawDistinct(n: number, wanted: number, random: () => number): number[] {
  if (2 * wanted > n) return shuffler(random)(range(n)).slice(0, wanted);
  const drawn = new Set<number>();
  while (drawn.size < wanted) drawn.add(Math.floor(random() * n));
  return [...drawn];
}
