import { randomLcg, randomNormal } from 'd3';
import { Matrix, solve } from 'ml-matrix';
import { requireColumns, requireFinite, requireSameLength, type Term, type Values } from './checks.js';
import { leastSquares } from './least-squares.js';

/** How much of a measured term's spread is its own and not its error's. */
export interface Reliability {
  /** (variance − mean squared error) / variance of what the controls leave of the term; at most 1. */
  ratio: number;
  /** The slope as it was fitted, and divided by the ratio. */
  slope: number;
  corrected: number;
  /** Of the corrected slope: the fitted one's divided by the ratio; the ratio is taken as known. */
  standardError: number;
}

/**
 * The reliability ratio λ of a term that was measured with known standard errors, given the controls, and the slope without the attenuation that the errors
 * make: β/λ (Fuller 1987, 1.1 and 2.2; errors independent of all else).
 *
 * @param errors standard error of each of the term's values
 * @throws RangeError for unusable columns, or errors that leave nothing of the term's spread
 */
export function reliability(
  y: Values,
  term: Term,
  errors: Values,
  controls: readonly Term[] = [],
): Reliability {
  requireErrors(y, term, errors, controls);
  const rest = leastSquares(term.values, controls, { errors: 'classical' });
  const spread = (rest.residualStandardError ** 2 * rest.degreesOfFreedom) / (term.values.length - 1);
  const noise = Array.from(errors).reduce((sum, error) => sum + error ** 2, 0) / errors.length;
  const ratio = (spread - noise) / spread;
  if (!(ratio > 0)) {
    throw new RangeError(
      `the errors of ${JSON.stringify(term.name)} (mean square ${noise}) are as large as its spread given the controls (${spread}): its slope cannot be told`,
    );
  }
  const { estimate, standardError } = slopeOf(y, term, controls);
  return { ratio, slope: estimate, corrected: estimate / ratio, standardError: standardError / ratio };
}

/** A slope extrapolated to no measurement error. */
export interface Simex {
  slope: number;
  corrected: number;
  /** Mean slopes with errors of (1 + added) times the variance. */
  path: { added: number; slope: number }[];
}

const ADDED = [0.5, 1, 1.5, 2];

/**
 * Simulation–extrapolation (Cook & Stefanski 1994): more error of the known size is added to the term, the slope followed, and a quadratic through it
 * taken back to none, at −1. Holds for any errors' sizes, and corrects for less than all of the attenuation where it is large.
 *
 * @throws RangeError for unusable columns
 */
export function simex(
  y: Values,
  term: Term,
  errors: Values,
  { controls = [], draws = 200, seed }: { controls?: readonly Term[]; draws?: number; seed: number },
): Simex {
  requireErrors(y, term, errors, controls);
  const normal = randomNormal.source(randomLcg(seed))();
  const { estimate: slope } = slopeOf(y, term, controls);
  const noise = Array.from({ length: draws }, () => Float64Array.from(term.values, () => normal()));
  const path = ADDED.map((added) => {
    const slopes = noise.map((draw) => {
      const values = draw.map((z, i) => term.values[i]! + Math.sqrt(added) * errors[i]! * z);
      return slopeOf(y, { name: term.name, values }, controls).estimate;
    });
    return { added, slope: slopes.reduce((sum, one) => sum + one, 0) / draws };
  });
  const all = [{ added: 0, slope }, ...path];
  const powers = new Matrix(all.map(({ added }) => [1, added, added ** 2]));
  const [constant, linear, square] = solve(
    powers,
    Matrix.columnVector(all.map((one) => one.slope)),
  ).to1DArray();
  return { slope, corrected: constant! - linear! + square!, path: all };
}

function slopeOf(y: Values, term: Term, controls: readonly Term[]) {
  const { coefficients } = leastSquares(y, [...controls, term]);
  const found = coefficients.find(({ name }) => name === term.name);
  if (!found) throw new RangeError(`${JSON.stringify(term.name)} is constant or collinear with the controls`);
  return found;
}

function requireErrors(y: Values, term: Term, errors: Values, controls: readonly Term[]): void {
  requireColumns(y, [term, ...controls]);
  requireSameLength('y', y, 'errors', errors);
  requireFinite('errors', errors);
  const negative = Array.from(errors).findIndex((error) => error < 0);
  if (negative >= 0)
    throw new RangeError(`errors[${negative}] is ${errors[negative]}: a standard error is not below 0`);
}
