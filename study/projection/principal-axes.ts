import { Matrix } from 'ml-matrix';
import { PCA } from 'ml-pca';

/** The mean of vectors and the two directions in which they vary most. */
export interface PrincipalAxes {
  /** `(3, dims)` row-major: the mean, then the directions, of length 1, or 0 where the vectors do not vary along another. */
  frame: Float32Array;
  /** Share of the variance along each direction. */
  variance: [number, number];
}

/**
 * The first two principal components, by NIPALS. Their signs are chosen so that the largest loading is positive.
 *
 * @param vectors `(rows, dims)` row-major, of at least three rows
 */
export function principalAxes(vectors: Float32Array, dims: number): PrincipalAxes {
  const rows = vectors.length / dims;
  const matrix = Matrix.from1DArray(rows, dims, vectors);
  const pca = new PCA(matrix, { method: 'NIPALS', nCompNIPALS: 2 });
  const mean = matrix.mean('column');
  const total = matrix.variance('column').reduce((sum, value) => sum + value, 0);
  const loadings = pca.getEigenvectors().transpose();
  const [first, second] = [0, 1].map((component) => upright(loadings.getRow(component))) as [
    number[],
    number[],
  ];
  // Where there is nothing left to vary, NIPALS gives no number, or the first direction again.
  const isNew = Math.abs(first.reduce((sum, value, i) => sum + value * second[i]!, 0)) < 0.01;
  const axes = [orNone(first), isNew ? orNone(second) : second.map(() => 0)];
  const variance = axes.map((axis) => {
    const scores = matrix.clone().subRowVector(mean).mmul(Matrix.columnVector(axis));
    return total > 0 ? scores.dot(scores) / ((rows - 1) * total) : 0;
  });
  return {
    frame: Float32Array.from([...mean, ...axes.flat()]),
    variance: variance as [number, number],
  };
}

function upright(axis: number[]): number[] {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

function orNone(axis: number[]): number[] {
  return axis.every(Number.isFinite) ? axis : axis.map(() => 0);
}
