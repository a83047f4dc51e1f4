import { group, randomLcg } from 'd3';
import {
  requireColumns,
  requireDegreesOfFreedom,
  requireSameLength,
  type Term,
  type Values,
} from './checks.js';
import type { Groups } from './folds.js';
import { leastSquares } from './least-squares.js';

/** A test of one slope where rows vary together in few groups. */
export interface WildClusterTest {
  term: string;
  estimate: number;
  /** With CR1 errors. */
  t: number;
  /** Two-sided: the share of bootstrap |t| at least as large. */
  pValue: number;
  groups: number;
  draws: number;
  weights: 'Rademacher' | 'Webb';
}

/** With fewer groups than this, ±1 gives too few different draws (2^11 = 2,048). */
const FEW_GROUPS = 12;
/** Webb's six points, each of probability 1/6 (Webb 2014). */
const WEBB = [1.5, 1, 0.5].flatMap((square) => [Math.sqrt(square), -Math.sqrt(square)]);

/**
 * The wild cluster bootstrap-t of a slope, with the null imposed (Cameron, Gelbach & Miller 2008): residuals of the fit without the
 * term change sign by group, and t with CR1 errors is computed again. For fewer than about 40 groups, where cluster-robust t is too sure.
 *
 * @param term the name of the tested one of `terms`
 * @throws RangeError as `leastSquares` does, or where the term is not among those kept
 */
export function wildClusterTest(
  y: Values,
  terms: readonly Term[],
  term: string,
  groups: Groups,
  { draws = 1999, seed }: { draws?: number; seed: number },
): WildClusterTest {
  requireColumns(y, terms);
  requireSameLength('y', y, 'groups', groups);
  requireDegreesOfFreedom(y.length, terms.length + 1);
  const tOf = (response: Values) => {
    const found = leastSquares(response, terms, { groups }).coefficients.find(({ name }) => name === term);
    if (!found) throw new RangeError(`${JSON.stringify(term)} is not among the terms that the fit kept`);
    return found;
  };
  const { estimate, t } = tOf(y);
  const restricted = leastSquares(
    y,
    terms.filter(({ name }) => name !== term),
    { errors: 'classical' },
  );
  const members = [...group(groups.keys(), (i) => groups[i]!).values()];
  const isFew = members.length < FEW_GROUPS;
  const random = randomLcg(seed);
  const weight = () => (isFew ? WEBB[Math.floor(6 * random())]! : random() < 0.5 ? 1 : -1);
  const response = new Float64Array(y.length);
  let reached = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (const rows of members) {
      const v = weight();
      for (const i of rows) response[i] = restricted.fitted[i]! + v * restricted.residuals[i]!;
    }
    if (Math.abs(tOf(response).t) >= Math.abs(t) * (1 - 1e-12)) reached++;
  }
  return {
    ...{ term, estimate, t, pValue: (reached + 1) / (draws + 1), groups: members.length, draws },
    weights: isFew ? 'Webb' : 'Rademacher',
  };
}
