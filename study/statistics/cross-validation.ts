import { group, sum } from 'd3';
import {
  requireColumns,
  requireDegreesOfFreedom,
  requireLevel,
  requireSameLength,
  requireVariation,
  type Term,
  type Values,
} from './checks.js';
import { tHalfWidth, twoSidedT } from './distributions.js';
import { assignFolds, type Groups } from './folds.js';
import { centre, orthogonalDesign } from './orthogonal-design.js';
import { solveSlopes } from './orthogonal-solve.js';

/** How to cross-validate. */
export interface CrossValidationOptions {
  /** 10 unless said otherwise. */
  folds?: number;
  /** Rows of one group (queries of one document, say) are always held out together. */
  groups?: Groups;
  seed: number;
}

/** How well terms predict rows that their fit has not seen. */
export interface OutOfSampleR2 {
  /** 1 − SSE/SST over all held-out rows, SST around the mean of each fold's training rows; negative if worse than that mean. */
  r2: number;
  /** From the sums of each group's rows by linearising the ratio, with the fitted predictions taken as given. */
  standardError: number;
  folds: number;
  /** Null where a fold's rows all equal the training mean. */
  perFold: { rows: number; r2: number | null }[];
  /** Each row's prediction by the fit that did not see it. */
  predicted: number[];
}

/** What terms added to the controls gain out of sample, on the same folds. */
export interface OutOfSampleComparison {
  controls: OutOfSampleR2;
  full: OutOfSampleR2;
  /** R² with the added terms less R² without, with its paired standard error and t interval (groups − 1 degrees of freedom). */
  difference: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}

interface HeldOut extends OutOfSampleR2 {
  squaredErrors: Float64Array;
  squaredDeviations: Float64Array;
}

/**
 * The out-of-sample R² of a regression of y (n) on terms (n each): every row is predicted by a fit to the other folds.
 * Throws RangeError for unusable columns, too few training rows for the terms, or fewer groups than folds.
 */
export function outOfSampleR2(
  y: Values,
  terms: readonly Term[],
  options: CrossValidationOptions,
): OutOfSampleR2 {
  return withoutSquares(holdOut(y, terms, options));
}

/**
 * Compares out-of-sample R² of controls alone and with added terms on the same folds, so that what both get wrong cancels.
 * Throws as `outOfSampleR2` does.
 */
export function compareOutOfSample(
  y: Values,
  controls: readonly Term[],
  added: readonly Term[],
  options: CrossValidationOptions & { level?: number },
): OutOfSampleComparison {
  const { level = 0.95 } = options;
  requireLevel(level);
  const less = holdOut(y, controls, options);
  const more = holdOut(y, [...controls, ...added], options);
  const saved = less.squaredErrors.map((error, i) => error - more.squaredErrors[i]!);
  const { ratio, standardError, clusters } = groupedRatio(saved, less.squaredDeviations, options.groups);
  const halfWidth = tHalfWidth(level, clusters - 1) * standardError;
  return {
    controls: withoutSquares(less),
    full: withoutSquares(more),
    difference: ratio,
    standardError,
    low: ratio - halfWidth,
    high: ratio + halfWidth,
    pValue: ratio === 0 ? 1 : twoSidedT(ratio / standardError, clusters - 1),
  };
}

function holdOut(y: Values, terms: readonly Term[], options: CrossValidationOptions): HeldOut {
  const { folds = 10, groups, seed } = options;
  requireColumns(y, terms);
  requireVariation(y);
  if (groups) requireSameLength('y', y, 'groups', groups);
  const fold = assignFolds(y.length, folds, seed, groups);
  const predicted = new Array<number>(y.length).fill(0);
  const squaredErrors = new Float64Array(y.length);
  const squaredDeviations = new Float64Array(y.length);
  const perFold = Array.from({ length: folds }, (_, k) => {
    const held = [...fold.keys()].filter((i) => fold[i] === k);
    const { mean, predictRow } = fitRows(
      y,
      terms,
      [...fold.keys()].filter((i) => fold[i] !== k),
    );
    for (const i of held) {
      predicted[i] = predictRow(i);
      squaredErrors[i] = (y[i]! - predicted[i]!) ** 2;
      squaredDeviations[i] = (y[i]! - mean) ** 2;
    }
    const total = sum(held, (i) => squaredDeviations[i]!);
    return {
      rows: held.length,
      r2: total > 0 ? 1 - sum(held, (i) => squaredErrors[i]!) / total : null,
    };
  });
  const explained = squaredDeviations.map((deviation, i) => deviation - squaredErrors[i]!);
  const { ratio, standardError } = groupedRatio(explained, squaredDeviations, groups);
  return { r2: ratio, standardError, folds, perFold, predicted, squaredErrors, squaredDeviations };
}

/** Fits the given rows; a term that is constant or collinear among them predicts nothing there. */
function fitRows(y: Values, terms: readonly Term[], rows: readonly number[]) {
  requireDegreesOfFreedom(rows.length, terms.length + 1);
  const { mean, centred } = centre(rows.map((i) => y[i]!));
  const design = orthogonalDesign(
    terms.map(({ name, values }) => ({ name, values: rows.map((i) => values[i]!) })),
    rows.length,
  );
  const slopes = solveSlopes(design, centred);
  const kept = design.names.map((name) => terms.find((term) => term.name === name)!.values);
  const predictRow = (i: number) =>
    kept.reduce((value, values, j) => value + slopes[j]! * (values[i]! - design.means[j]!), mean);
  return { mean, predictRow };
}

/** Σ top / Σ bottom and its linearised standard error over groups of rows (Cochran 1977, chapter 6). */
function groupedRatio(top: Float64Array, bottom: Float64Array, groups?: Groups) {
  const ratio = sum(top) / sum(bottom);
  const clusters = [...group(top.keys(), (i) => groups?.[i] ?? i).values()];
  const squares = sum(clusters, (rows) => sum(rows, (i) => top[i]! - ratio * bottom[i]!) ** 2);
  const count = clusters.length;
  return {
    ratio,
    standardError: Math.sqrt((count / (count - 1)) * squares) / sum(bottom),
    clusters: count,
  };
}

function withoutSquares({ r2, standardError, folds, perFold, predicted }: HeldOut): OutOfSampleR2 {
  return { r2, standardError, folds, perFold, predicted };
}
