import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { OrthogonalDesign } from './orthogonal-design.js';

/**
 * Each row's squared residual over (1 − leverage)², the HC3 estimate of its variance
 * (MacKinnon & White 1985; Long & Ervin 2000). Throws RangeError for a row that fits itself (leverage 1).
 */
export function hc3Variances(residuals: ArrayLike<number>, leverages: readonly number[]): Float64Array {
  return Float64Array.from(leverages, (leverage, i) => {
    if (1 - leverage < 1e-10) {
      throw new RangeError(
        `row ${i} has leverage 1 (a term is about this row alone), so it has no HC3 error: drop that term or ask for classical errors`,
      );
    }
    return (residuals[i]! / (1 - leverage)) ** 2;
  });
}

/** The Wald F, with the rows' variances, that the orthonormal coordinates from `start` on are 0; infinite for an exact fit. */
export function robustF(
  design: OrthogonalDesign,
  gamma: Float64Array,
  variances: Float64Array,
  start = 0,
): number {
  const size = gamma.length - start;
  const middle = Matrix.zeros(size, size);
  for (let i = 0; i < variances.length; i++) {
    for (let j = 0; j < size; j++) {
      const scaled = design.q.get(i, start + j) * variances[i]!;
      for (let k = 0; k <= j; k++) {
        middle.set(j, k, middle.get(j, k) + scaled * design.q.get(i, start + k));
      }
    }
  }
  for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) middle.set(k, j, middle.get(j, k));
  const cholesky = new CholeskyDecomposition(middle);
  if (!cholesky.isPositiveDefinite()) return Number.POSITIVE_INFINITY;
  const tail = Matrix.columnVector(gamma.slice(start));
  return tail.transpose().mmul(cholesky.solve(tail)).get(0, 0) / size;
}
