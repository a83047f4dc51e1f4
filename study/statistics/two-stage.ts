import { group } from 'd3';
import { inverse, Matrix } from 'ml-matrix';
import {
  requireColumns,
  requireDegreesOfFreedom,
  requireLevel,
  requireSameLength,
  type Term,
  type Values,
} from './checks.js';
import { tHalfWidth, twoSidedT } from './distributions.js';
import type { Groups } from './folds.js';
import { leastSquares } from './least-squares.js';
import { clusterFactor } from './robust-errors.js';

/** The effect of an instrumented term. */
export interface TwoStageFit {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  t: number;
  pValue: number;
  degreesOfFreedom: number;
  /** The robust F of the instruments in the first stage; below `WEAK_F` the interval is not to be trusted. */
  firstStageF: number;
  weak: boolean;
  errors: 'HC1' | 'cluster';
  n: number;
}

/** Staiger and Stock's rule (1997) for the first stage's F. */
export const WEAK_F = 10;

/**
 * Two-stage least squares of y (n) on one term that is instrumented, with controls (an intercept always in): β = (X'PX)⁻¹X'Py with P the projection on
 * instruments and controls (Wooldridge 2010, 5.2). Errors are HC1, or CR1 with groups (t with G − 1 degrees of freedom).
 *
 * @throws RangeError for unusable columns, no instrument, too few rows, or instruments that do not move the term
 */
export function twoStageLeastSquares(
  y: Values,
  term: Term,
  instruments: readonly Term[],
  {
    controls = [],
    groups,
    level = 0.95,
  }: { controls?: readonly Term[]; groups?: Groups; level?: number } = {},
): TwoStageFit {
  requireLevel(level);
  requireColumns(y, [term, ...instruments, ...controls]);
  requireDegreesOfFreedom(y.length, instruments.length + controls.length + 1);
  if (groups) requireSameLength('y', y, 'groups', groups);
  if (instruments.length === 0) throw new RangeError('give at least one instrument');
  const n = y.length;
  const first = leastSquares(term.values, [...controls, ...instruments], { errors: 'classical' });
  const isKept = ({ name }: Term) => first.coefficients.some((one) => one.name === name);
  const [kept, keptControls] = [instruments.filter(isKept), controls.filter(isKept)];
  if (kept.length === 0) throw new RangeError('the instruments are constant or collinear with the controls');
  // What the controls leave of the fitted term, and the residuals with the term itself (not its fit).
  const projected = residualsOf(first.fitted, keptControls);
  const outcome = residualsOf(y, keptControls);
  const observed = residualsOf(term.values, keptControls);
  const square = projected.reduce((sum, x) => sum + x * x, 0);
  if (!(square > 1e-20 * observed.reduce((sum, x) => sum + x * x, 0))) {
    throw new RangeError(`the instruments do not move ${JSON.stringify(term.name)}`);
  }
  const estimate = projected.reduce((sum, x, i) => sum + x * outcome[i]!, 0) / square;
  const scores = projected.map((x, i) => x * (outcome[i]! - estimate * observed[i]!));
  const parameters = keptControls.length + 2;
  const members = groups && [...group(groups.keys(), (i) => groups[i]!).values()];
  if (members && members.length < 2) {
    throw new RangeError('all rows are of one group: cluster-robust errors need at least 2 groups');
  }
  const squares = members
    ? members.reduce((sum, rows) => sum + rows.reduce((all, i) => all + scores[i]!, 0) ** 2, 0)
    : scores.reduce((sum, score) => sum + score * score, 0);
  const factor = members ? clusterFactor(n, members.length, parameters) : n / (n - parameters);
  const standardError = Math.sqrt(factor * squares) / square;
  const degreesOfFreedom = members ? members.length - 1 : n - parameters;
  const halfWidth = tHalfWidth(level, degreesOfFreedom) * standardError;
  const firstStageF = instrumentF(term.values, kept, keptControls, members);
  return {
    ...{ estimate, standardError, low: estimate - halfWidth, high: estimate + halfWidth },
    ...{ t: estimate / standardError, pValue: twoSidedT(estimate / standardError, degreesOfFreedom) },
    ...{ degreesOfFreedom, firstStageF, weak: firstStageF < WEAK_F, errors: members ? 'cluster' : 'HC1', n },
  };
}

function residualsOf(values: Values, controls: readonly Term[]): number[] {
  return leastSquares(values, controls, { errors: 'classical' }).residuals;
}

/** The Wald F, with HC1 or CR1 variances, that the instruments do nothing. */
function instrumentF(
  term: Values,
  instruments: readonly Term[],
  controls: readonly Term[],
  members: readonly (readonly number[])[] | undefined,
): number {
  const n = term.length;
  const parameters = instruments.length + controls.length + 1;
  const columns = instruments.map(({ values }) => residualsOf(values, controls));
  const z = new Matrix(columns).transpose();
  const { residuals, coefficients } = leastSquares(term, [...controls, ...instruments], {
    errors: 'classical',
  });
  const slopes = instruments.map(({ name }) => coefficients.find((one) => one.name === name)!.estimate);
  const bread = inverse(z.transpose().mmul(z));
  const middle = Matrix.zeros(columns.length, columns.length);
  for (const rows of members ?? residuals.map((_, i) => [i])) {
    const score = columns.map((column) => rows.reduce((sum, i) => sum + column[i]! * residuals[i]!, 0));
    for (let j = 0; j < score.length; j++) {
      for (let k = 0; k < score.length; k++) middle.set(j, k, middle.get(j, k) + score[j]! * score[k]!);
    }
  }
  const factor = members ? clusterFactor(n, members.length, parameters) : n / (n - parameters);
  const covariance = bread.mmul(middle).mmul(bread).mul(factor);
  const beta = Matrix.columnVector(slopes);
  return beta.transpose().mmul(inverse(covariance)).mmul(beta).get(0, 0) / slopes.length;
}
