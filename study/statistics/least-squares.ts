import { group } from 'd3';
import {
  requireColumns,
  requireDegreesOfFreedom,
  requireFinite,
  requireLevel,
  requireSameLength,
  requireVariation,
  type Term,
  type Values,
} from './checks.js';
import { tHalfWidth, twoSidedT, upperF } from './distributions.js';
import type { Groups } from './folds.js';
import { centre, type DroppedTerm, type OrthogonalDesign, orthogonalDesign } from './orthogonal-design.js';
import {
  coefficientWeights,
  designLeverages,
  projectResponse,
  solveSlopes,
  sumOfSquares,
} from './orthogonal-solve.js';
import { clusterF, clusterFactor, hc3Variances, robustF } from './robust-errors.js';

/**
 * How a fit's standard errors are computed: robust to unequal variances (HC3), to these and to rows of a group that vary together
 * (cluster), or assuming equal and independent ones.
 */
export type ErrorsKind = 'HC3' | 'cluster' | 'classical';

/** Settings of a fit; 95% intervals, and HC3 errors, or with groups cluster-robust ones, unless said otherwise. */
export interface LeastSquaresOptions {
  errors?: ErrorsKind;
  /** Rows of one group vary together. */
  groups?: Groups;
  level?: number;
}

/** One estimated coefficient, in units of y per unit of its term. */
export interface Coefficient {
  name: string;
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  t: number;
  pValue: number;
}

/** A least-squares fit with an intercept; `f` tests that all slopes are 0, with the same kind of errors as the coefficients. */
export interface Fit {
  /** The intercept first, then the kept terms in the order given. */
  coefficients: Coefficient[];
  errors: ErrorsKind;
  level: number;
  r2: number;
  adjustedR2: number;
  residualStandardError: number;
  n: number;
  /** Of the t and F of the coefficients: n − p, or with cluster-robust errors the number of groups less 1. */
  degreesOfFreedom: number;
  /** How many groups cluster-robust errors are of; null for other errors. */
  groups: number | null;
  /** Null if no term was kept. */
  f: number | null;
  fPValue: number | null;
  residuals: number[];
  fitted: number[];
  leverages: number[];
  /** Terms left out because they are constant or a combination of the terms before them. */
  dropped: DroppedTerm[];
}

/**
 * Regresses y (n) on an intercept and terms (each n) by ordinary least squares: Householder QR of the centred, scaled
 * terms with iterative refinement. Errors are HC3, robust to unequal variances (MacKinnon & White 1985; recommended
 * for small samples by Long & Ervin 2000), cluster-robust (CR1, Liang & Zeger 1986; t with G − 1 degrees of freedom, too narrow for
 * fewer than about 40 groups: see `wildClusterTest`), or classical; t with n − p degrees of freedom.
 * Throws RangeError for values that are not finite, columns of different lengths, a constant y,
 * no more rows than parameters, a row of leverage 1 under HC3, or cluster-robust errors without at least 2 groups.
 */
export function leastSquares(y: Values, terms: readonly Term[], options: LeastSquaresOptions = {}): Fit {
  const { groups, level = 0.95 } = options;
  const { errors = groups ? 'cluster' : 'HC3' } = options;
  requireLevel(level);
  requireColumns(y, terms);
  requireDegreesOfFreedom(y.length, terms.length + 1);
  requireVariation(y);
  const n = y.length;
  const design = orthogonalDesign(terms, n);
  const k = design.names.length;
  const members = errors === 'cluster' ? groupMembers(y, groups) : undefined;
  const degreesOfFreedom = members ? members.length - 1 : n - k - 1;
  const { mean, centred } = centre(y);
  const { gamma, residuals } = projectResponse(design, centred);
  const slopes = solveSlopes(design, centred);
  const leverages = designLeverages(design);
  const residualSquares = sumOfSquares(residuals);
  const variance = residualSquares / (n - k - 1);
  const variances =
    errors === 'HC3' ? hc3Variances(residuals, leverages) : new Float64Array(n).fill(variance);

  const coefficientVariances = members
    ? clusterVariances(design, residuals, members)
    : rowVariances(design, variances);
  const intercept = slopes.reduce((rest, slope, j) => rest - slope * design.means[j]!, mean);
  const halfWidth = tHalfWidth(level, degreesOfFreedom);
  const coefficients = ['intercept', ...design.names].map((name, j) => {
    const estimate = j === 0 ? intercept : slopes[j - 1]!;
    const standardError = Math.sqrt(coefficientVariances[j]!);
    const t = estimate === 0 ? 0 : estimate / standardError;
    return {
      name,
      estimate,
      standardError,
      low: estimate - halfWidth * standardError,
      high: estimate + halfWidth * standardError,
      t,
      pValue: twoSidedT(t, degreesOfFreedom),
    };
  });

  const unexplained = residualSquares / sumOfSquares(centred);
  const f =
    k === 0
      ? null
      : members
        ? clusterF(design, gamma, residuals, members)
        : errors === 'HC3'
          ? robustF(design, gamma, variances)
          : sumOfSquares(gamma) / k / variance;
  return {
    coefficients,
    errors,
    level,
    r2: 1 - unexplained,
    adjustedR2: 1 - (unexplained * (n - 1)) / (n - k - 1),
    residualStandardError: Math.sqrt(variance),
    n,
    degreesOfFreedom,
    groups: members?.length ?? null,
    f,
    fPValue: f === null ? null : upperF(f, k, degreesOfFreedom),
    residuals: Array.from(residuals),
    fitted: Array.from(residuals, (residual, i) => y[i]! - residual),
    leverages,
    dropped: design.dropped,
  };
}

function groupMembers(y: Values, groups: Groups | undefined): number[][] {
  if (!groups) throw new RangeError('cluster-robust errors need the group of every row: give `groups`');
  requireSameLength('y', y, 'groups', groups);
  const members = [...group(groups.keys(), (i) => groups[i]!).values()];
  if (members.length < 2) {
    throw new RangeError('all rows are of one group: cluster-robust errors need at least 2 groups');
  }
  return members;
}

/** Variances of the intercept and the slopes where rows vary independently. */
function rowVariances(design: OrthogonalDesign, variances: Float64Array): Float64Array {
  const sums = new Float64Array(design.names.length + 1);
  for (let i = 0; i < variances.length; i++) {
    const weights = coefficientWeights(design, i);
    for (let j = 0; j < sums.length; j++) sums[j]! += weights[j]! ** 2 * variances[i]!;
  }
  return sums;
}

/** Variances of the intercept and the slopes where rows of a group vary together. */
function clusterVariances(
  design: OrthogonalDesign,
  residuals: Float64Array,
  members: readonly (readonly number[])[],
): Float64Array {
  const sums = new Float64Array(design.names.length + 1);
  for (const rows of members) {
    const scores = new Float64Array(sums.length);
    for (const i of rows) {
      const weights = coefficientWeights(design, i);
      for (let j = 0; j < sums.length; j++) scores[j]! += weights[j]! * residuals[i]!;
    }
    for (let j = 0; j < sums.length; j++) sums[j]! += scores[j]! ** 2;
  }
  const factor = clusterFactor(residuals.length, members.length, sums.length);
  return sums.map((sum) => factor * sum);
}

/** What a fit predicts for rows of its terms, found by name; throws RangeError if one is missing, of another length or not finite. */
export function predict(fit: Pick<Fit, 'coefficients'>, terms: readonly Term[], rows: number): number[] {
  const [intercept, ...slopes] = fit.coefficients;
  const predicted = new Array<number>(rows).fill(intercept!.estimate);
  for (const { name, estimate } of slopes) {
    const term = terms.find((candidate) => candidate.name === name);
    if (!term) throw new RangeError(`the fit has a term ${JSON.stringify(name)} that these rows lack`);
    requireSameLength('the prediction', predicted, name, term.values);
    requireFinite(name, term.values);
    for (let i = 0; i < rows; i++) predicted[i]! += estimate * term.values[i]!;
  }
  return predicted;
}
