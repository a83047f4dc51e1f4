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
  const rows = Array.from(variances, (variance, i) => ({ members: [i], residual: Math.sqrt(variance) }));
  return waldF(design, gamma, rows, start);
}

/**
 * The factor of the cluster-robust variance, CR1 = G/(G − 1)·(n − 1)/(n − p) (Liang & Zeger 1986; Cameron & Miller 2015, eq. 12).
 *
 * @param parameters the intercept among them
 */
export function clusterFactor(rows: number, groups: number, parameters: number): number {
  return (groups / (groups - 1)) * ((rows - 1) / (rows - parameters));
}

/** The Wald F, with cluster-robust variances, that the orthonormal coordinates from `start` on are 0; infinite where groups are too few for it. */
export function clusterF(
  design: OrthogonalDesign,
  gamma: Float64Array,
  residuals: ArrayLike<number>,
  members: readonly (readonly number[])[],
  start = 0,
): number {
  const groups = members.map((rows) => ({ members: rows, residual: residuals }));
  const parameters = design.names.length + 1;
  return waldF(design, gamma, groups, start) / clusterFactor(residuals.length, members.length, parameters);
}

/** Rows whose scores are added up before they are squared, with the residuals of all rows or of its one row. */
interface ScoreGroup {
  members: readonly number[];
  residual: number | ArrayLike<number>;
}

function waldF(
  design: OrthogonalDesign,
  gamma: Float64Array,
  groups: readonly ScoreGroup[],
  start: number,
): number {
  const size = gamma.length - start;
  const middle = Matrix.zeros(size, size);
  const score = new Float64Array(size);
  for (const { members, residual } of groups) {
    score.fill(0);
    for (const i of members) {
      const e = typeof residual === 'number' ? residual : residual[i]!;
      for (let j = 0; j < size; j++) score[j]! += design.q.get(i, start + j) * e;
    }
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= j; k++) middle.set(j, k, middle.get(j, k) + score[j]! * score[k]!);
    }
  }
  for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) middle.set(k, j, middle.get(j, k));
  const cholesky = new CholeskyDecomposition(middle);
  if (!cholesky.isPositiveDefinite()) return Number.POSITIVE_INFINITY;
  const tail = Matrix.columnVector(gamma.slice(start));
  return tail.transpose().mmul(cholesky.solve(tail)).get(0, 0) / size;
}
