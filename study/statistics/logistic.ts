import { group } from 'd3';
import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import {
  requireColumns,
  requireDegreesOfFreedom,
  requireLevel,
  requireSameLength,
  type Term,
  type Values,
} from './checks.js';
import { twoSidedZ, zHalfWidth } from './distributions.js';
import type { Groups } from './folds.js';
import { type DroppedTerm, orthogonalDesign } from './orthogonal-design.js';
import { clusterFactor } from './robust-errors.js';

/** One estimated log-odds coefficient, with its average marginal effect on the probability. */
export interface LogisticCoefficient {
  name: string;
  /** Log odds per unit of the term. */
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  z: number;
  pValue: number;
}

/** What a unit of a term changes the probability by, on average over the rows. */
export interface MarginalEffect {
  name: string;
  effect: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}

/** A logistic fit. */
export interface LogisticFit {
  /** The intercept first, then the kept terms in the order given. */
  coefficients: LogisticCoefficient[];
  marginalEffects: MarginalEffect[];
  /** `firth` where a term separates the outcomes, so that maximum likelihood has no finite answer, or where it was asked for. */
  method: 'maximum likelihood' | 'firth';
  errors: 'model' | 'cluster';
  groups: number | null;
  separated: boolean;
  logLikelihood: number;
  /** 1 − log likelihood / log likelihood of the mean alone (McFadden 1974). */
  pseudoR2: number;
  fitted: number[];
  iterations: number;
  n: number;
  dropped: DroppedTerm[];
}

/** How a logistic regression is fitted. */
export interface LogisticOptions {
  /** Firth's correction whether or not it is needed. */
  firth?: boolean;
  /** Rows of one group vary together: cluster-robust errors (CR1, as statsmodels'). */
  groups?: Groups;
  level?: number;
}

const MOST_ITERATIONS = 100;
const CONVERGED = 1e-10;
/** Log odds a step may change a fitted row by, so that Firth's iterations do not overshoot. */
const LONGEST_STEP = 5;

/**
 * Logistic regression of y (n, each 0 or 1) on an intercept and terms, by iteratively reweighted least squares. Where a term separates the
 * outcomes, Firth's penalised likelihood (Firth 1993; Heinze & Schemper 2002), which has a finite answer. Errors are those of the
 * model or cluster-robust; p values are Wald's. Average marginal effects have errors by the delta method.
 *
 * @throws RangeError for a y that is not 0 or 1 or is always the same, values that are not finite, or no more rows than parameters
 */
export function logistic(y: Values, terms: readonly Term[], options: LogisticOptions = {}): LogisticFit {
  const { firth = false, groups, level = 0.95 } = options;
  requireLevel(level);
  requireColumns(y, terms);
  requireDegreesOfFreedom(y.length, terms.length + 1);
  if (groups) requireSameLength('y', y, 'groups', groups);
  requireOutcomes(y);
  const design = orthogonalDesign(terms, y.length);
  const x = Matrix.ones(y.length, design.names.length + 1);
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < design.names.length; j++) x.set(i, j + 1, design.columns.get(i, j));
  }
  const plain = firth ? undefined : iterate(x, y, false);
  const separated = plain?.separated ?? false;
  const fit = plain && !separated ? plain : iterate(x, y, true);
  if (!fit.converged) throw new RangeError(`the fit did not settle in ${MOST_ITERATIONS} iterations`);
  const variances = groups ? clusterCovariance(x, y, fit, groups) : fit.covariance;
  // From centred unit columns back to the terms' own units: β = T·γ.
  const back = Matrix.eye(x.columns);
  design.names.forEach((_, j) => {
    back.set(j + 1, j + 1, 1 / design.lengths[j]!);
    back.set(0, j + 1, -design.means[j]! / design.lengths[j]!);
  });
  const estimates = back.mmul(Matrix.columnVector(fit.beta)).to1DArray();
  const covariance = back.mmul(variances).mmul(back.transpose());
  const z95 = zHalfWidth(level);
  const described = (name: string, estimate: number, standardError: number) => ({
    ...{ name, standardError, low: estimate - z95 * standardError, high: estimate + z95 * standardError },
    pValue: twoSidedZ(estimate / standardError),
  });
  const meanOutcome = Array.from(y).reduce((sum, value) => sum + value, 0) / y.length;
  const alone =
    y.length * (meanOutcome * Math.log(meanOutcome) + (1 - meanOutcome) * Math.log1p(-meanOutcome));
  const names = ['intercept', ...design.names];
  return {
    coefficients: names.map((name, j) => {
      const standardError = Math.sqrt(covariance.get(j, j));
      return {
        estimate: estimates[j]!,
        z: estimates[j]! / standardError,
        ...described(name, estimates[j]!, standardError),
      };
    }),
    marginalEffects: marginalEffects(design.names, terms, estimates, covariance, fit.fitted).map(
      ({ name, effect, standardError }) => ({ effect, ...described(name, effect, standardError) }),
    ),
    method: fit === plain ? 'maximum likelihood' : 'firth',
    errors: groups ? 'cluster' : 'model',
    groups: groups ? new Set(groups).size : null,
    separated,
    logLikelihood: fit.logLikelihood,
    pseudoR2: 1 - fit.logLikelihood / alone,
    fitted: [...fit.fitted],
    iterations: fit.iterations,
    n: y.length,
    dropped: design.dropped,
  };
}

function requireOutcomes(y: Values): void {
  const wrong = Array.from(y).findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0)
    throw new RangeError(`y[${wrong}] is ${y[wrong]}: outcomes of a logistic regression are 0 or 1`);
  if (Array.from(y).every((value) => value === y[0])) {
    throw new RangeError(`y is ${y[0]} in all ${y.length} rows: there is no variation to explain`);
  }
}

interface Iterated {
  beta: Float64Array;
  fitted: Float64Array;
  /** Leverages of the weighted fit, by which Firth's scores are moved. */
  leverages: Float64Array;
  covariance: Matrix;
  logLikelihood: number;
  iterations: number;
  converged: boolean;
  separated: boolean;
}

/**
 * Newton's steps on the likelihood, which where a term separates the outcomes never settle (its coefficient grows without end),
 * or with Firth's penalty ½ log |I|, whose score is Σ x(y − p + h(½ − p)).
 */
function iterate(x: Matrix, y: Values, firth: boolean): Iterated {
  const [n, k] = [x.rows, x.columns];
  const beta = new Float64Array(k);
  for (let iterations = 1; ; iterations++) {
    const { fitted, information, logLikelihood } = evaluate(x, y, beta);
    const cholesky = new CholeskyDecomposition(information);
    const isLast = iterations === MOST_ITERATIONS;
    if (!firth && (isLast || !cholesky.isPositiveDefinite())) {
      const nothing = new Float64Array(0);
      return {
        ...{ beta, fitted, leverages: nothing, covariance: Matrix.zeros(k, k), logLikelihood, iterations },
        ...{ converged: true, separated: true },
      };
    }
    const covariance = inverse(information);
    const leverages = firth ? weightedLeverages(x, fitted, covariance) : new Float64Array(n);
    const score = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      const residual = y[i]! - fitted[i]! + leverages[i]! * (0.5 - fitted[i]!);
      for (let j = 0; j < k; j++) score[j]! += x.get(i, j) * residual;
    }
    const step = covariance.mmul(Matrix.columnVector(score)).to1DArray();
    let longest = 0;
    for (let i = 0; i < n; i++) {
      longest = Math.max(longest, Math.abs(step.reduce((sum, s, j) => sum + s * x.get(i, j), 0)));
    }
    const converged = longest < CONVERGED;
    if (converged || isLast) {
      return { beta, fitted, leverages, covariance, logLikelihood, iterations, converged, separated: false };
    }
    const scale = Math.min(1, LONGEST_STEP / longest);
    for (let j = 0; j < k; j++) beta[j]! += scale * step[j]!;
  }
}

function evaluate(x: Matrix, y: Values, beta: Float64Array) {
  const fitted = new Float64Array(x.rows);
  const information = Matrix.zeros(x.columns, x.columns);
  let logLikelihood = 0;
  for (let i = 0; i < x.rows; i++) {
    let odds = 0;
    for (let j = 0; j < beta.length; j++) odds += x.get(i, j) * beta[j]!;
    const p = 1 / (1 + Math.exp(-odds));
    fitted[i] = p;
    // log p or log(1 − p), without their cancellation.
    logLikelihood -= Math.log1p(Math.exp(y[i] === 1 ? -odds : odds));
    const weight = p * (1 - p);
    for (let j = 0; j < beta.length; j++) {
      const scaled = weight * x.get(i, j);
      for (let l = 0; l <= j; l++) information.set(j, l, information.get(j, l) + scaled * x.get(i, l));
    }
  }
  for (let j = 0; j < beta.length; j++) {
    for (let l = 0; l < j; l++) information.set(l, j, information.get(j, l));
  }
  return { fitted, information, logLikelihood };
}

function weightedLeverages(x: Matrix, fitted: Float64Array, covariance: Matrix): Float64Array {
  const scaled = x.mmul(covariance);
  return fitted.map((p, i) => {
    let sum = 0;
    for (let j = 0; j < x.columns; j++) sum += scaled.get(i, j) * x.get(i, j);
    return p * (1 - p) * sum;
  });
}

function clusterCovariance(
  x: Matrix,
  y: Values,
  { fitted, leverages, covariance }: Iterated,
  groups: Groups,
): Matrix {
  const k = x.columns;
  const members = [...group(groups.keys(), (i) => groups[i]!).values()];
  if (members.length < 2)
    throw new RangeError('all rows are of one group: cluster-robust errors need at least 2 groups');
  const middle = Matrix.zeros(k, k);
  for (const rows of members) {
    const score = new Float64Array(k);
    for (const i of rows) {
      const residual = y[i]! - fitted[i]! + leverages[i]! * (0.5 - fitted[i]!);
      for (let j = 0; j < k; j++) score[j]! += x.get(i, j) * residual;
    }
    for (let j = 0; j < k; j++) {
      for (let l = 0; l < k; l++) middle.set(j, l, middle.get(j, l) + score[j]! * score[l]!);
    }
  }
  const factor = clusterFactor(y.length, members.length, k);
  return covariance.mmul(middle).mmul(covariance).mul(factor);
}

/** Mean of p(1 − p)·β over the rows, with the delta method's error. */
function marginalEffects(
  names: readonly string[],
  terms: readonly Term[],
  estimates: readonly number[],
  covariance: Matrix,
  fitted: Float64Array,
): { name: string; effect: number; standardError: number }[] {
  const n = fitted.length;
  const columns = names.map((name) => terms.find((term) => term.name === name)!.values);
  const slope = fitted.reduce((sum, p) => sum + p * (1 - p), 0) / n;
  // ∂ mean(p(1 − p)) / ∂ β.
  const bend = [undefined, ...columns].map(
    (values) =>
      fitted.reduce((sum, p, i) => sum + p * (1 - p) * (1 - 2 * p) * (values ? values[i]! : 1), 0) / n,
  );
  return names.map((name, j) => {
    const beta = estimates[j + 1]!;
    const gradient = Matrix.columnVector(bend.map((b, l) => beta * b + (l === j + 1 ? slope : 0)));
    const variance = gradient.transpose().mmul(covariance).mmul(gradient).get(0, 0);
    return { name, effect: beta * slope, standardError: Math.sqrt(variance) };
  });
}
