import { group, sum } from 'd3';
import { requireFinite, requireLevel, requireSameLength, type Values } from './checks.js';
import { type MeanDifference, meanDifference, welch } from './difference.js';
import { centre } from './orthogonal-design.js';

/** Each row's value before and after, and whether it was treated between; `groups` label rows that vary together. */
export interface DifferenceInDifferencesInput {
  before: Values;
  after: Values;
  treated: readonly boolean[];
  groups?: readonly (string | number)[];
  level?: number;
}

/** One arm's means. */
export interface ArmMeans {
  n: number;
  before: number;
  after: number;
  change: number;
}

/** The change of the treated less the change of the controls. */
export interface DifferenceInDifferences extends MeanDifference {
  treated: ArmMeans;
  control: ArmMeans;
  /** `welch` judges rows as independent; `cluster` lets rows of one group vary together. */
  method: 'welch' | 'cluster';
  /** How many groups, for `cluster`. */
  groups: number | null;
}

/**
 * The difference in differences of paired rows: mean(after − before) of the treated less that of the controls (n rows each).
 * Without groups the interval is Welch's on the changes (the HC2 error of their regression on treatment); with groups it is
 * cluster-robust, CR1 = G/(G − 1)·(n − 1)/(n − 2) times the sum of squared group scores (Liang & Zeger 1986), t with G − 1
 * degrees of freedom, which is too narrow when few groups are treated. Throws RangeError for values that are not finite,
 * different lengths, or fewer than 2 rows (or groups) in an arm.
 */
export function differenceInDifferences(input: DifferenceInDifferencesInput): DifferenceInDifferences {
  const { before, after, treated, groups, level = 0.95 } = input;
  requireLevel(level);
  requireFinite('before', before);
  requireFinite('after', after);
  requireSameLength('before', before, 'after', after);
  requireSameLength('before', before, 'treated', treated);
  const changes = Float64Array.from(after, (value, i) => value - before[i]!);
  const arm = (wanted: boolean) => changes.filter((_, i) => treated[i] === wanted);
  for (const wanted of [true, false]) {
    const rows = arm(wanted).length;
    if (rows < 2) {
      throw new RangeError(
        `the ${wanted ? 'treated' : 'control'} arm has ${rows} rows: at least 2 are needed`,
      );
    }
  }
  const arms = { treated: armMeans(input, true), control: armMeans(input, false) };
  if (!groups) {
    const { estimate, standardError, low, high, t, degreesOfFreedom, pValue } = welch(arm(true), arm(false), {
      level,
    });
    const difference = { estimate, standardError, low, high, t, degreesOfFreedom, pValue };
    return { ...difference, ...arms, method: 'welch', groups: null };
  }
  requireSameLength('before', before, 'groups', groups);
  const n = changes.length;
  const estimate = arms.treated.change - arms.control.change;
  const scores = Array.from(changes, (change, i) =>
    treated[i]
      ? (change - arms.treated.change) / arms.treated.n
      : (arms.control.change - change) / arms.control.n,
  );
  for (const wanted of [true, false]) {
    // An arm of one group has scores that cancel within it: its variance would count as 0.
    const labels = new Set(groups.filter((_, i) => treated[i] === wanted));
    if (labels.size < 2) {
      throw new RangeError(
        `all ${wanted ? 'treated' : 'control'} rows are of one group: a cluster-robust interval needs at least 2 groups in each arm`,
      );
    }
  }
  const clusters = [...group(scores.keys(), (i) => groups[i]!).values()];
  const count = clusters.length;
  const squares = sum(clusters, (rows) => sum(rows, (i) => scores[i]!) ** 2);
  const standardError = Math.sqrt((count / (count - 1)) * ((n - 1) / (n - 2)) * squares);
  const difference = meanDifference(estimate, standardError, count - 1, level);
  return { ...difference, ...arms, method: 'cluster', groups: count };
}

function armMeans({ before, after, treated }: DifferenceInDifferencesInput, wanted: boolean): ArmMeans {
  const rows = Array.from(treated.keys()).filter((i) => treated[i] === wanted);
  const mean = (value: (i: number) => number) => centre(rows.map(value)).mean;
  return {
    n: rows.length,
    before: mean((i) => before[i]!),
    after: mean((i) => after[i]!),
    change: mean((i) => after[i]! - before[i]!),
  };
}
