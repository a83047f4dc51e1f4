export { type BootstrapInterval, type BootstrapOptions, bootstrap } from './bootstrap.js';
export type { Term, Values } from './checks.js';
export { type ClusteredMean, clusteredMean } from './clustered-mean.js';
export {
  type Correlation,
  type CorrelationOptions,
  midRanks,
  pearson,
  spearman,
} from './correlation.js';
export {
  type CrossValidationOptions,
  compareOutOfSample,
  type OutOfSampleComparison,
  type OutOfSampleR2,
  outOfSampleR2,
} from './cross-validation.js';
export { type MeanDifference, type Welch, welch } from './difference.js';
export {
  type ArmMeans,
  type DifferenceInDifferences,
  type DifferenceInDifferencesInput,
  differenceInDifferences,
} from './difference-in-differences.js';
export { type EmpiricalNull, empiricalNull, scoreExceededBy, upperTail } from './empirical-null.js';
export { assignFolds, type Groups } from './folds.js';
export { type IsotonicOptions, type IsotonicPoint, isotonic } from './isotonic.js';
export { type KendallCorrelation, kendall } from './kendall.js';
export {
  type Coefficient,
  type ErrorsKind,
  type Fit,
  type LeastSquaresOptions,
  leastSquares,
  predict,
} from './least-squares.js';
export {
  type LogisticCoefficient,
  type LogisticFit,
  type LogisticOptions,
  logistic,
  type MarginalEffect,
} from './logistic.js';
export { type McNemarTest, mcnemar } from './mcnemar.js';
export { type Reliability, reliability, type Simex, simex } from './measurement-error.js';
export { type Differentiable, type Minimum, minimise } from './minimise.js';
export { benjaminiHochberg, holm } from './multiplicity.js';
export type { DroppedTerm } from './orthogonal-design.js';
export { type PartialR2, partialR2 } from './partial.js';
export { type PermutationInput, type PermutationTest, permutationTest } from './permutation.js';
export { type SmallestEffect, smallestEffect } from './power.js';
export { pairedDifferences, type RankTest, rankSum, signedRank } from './rank-tests.js';
export { type SharedDesign, type SharedFit, sharedDesign } from './shared-design.js';
export { localLinear, type SmoothOptions, type SmoothPoint } from './smooth.js';
export { describe, type Summary } from './summary.js';
export { type TrendTest, trendTest } from './trend.js';
export { type TwoStageFit, twoStageLeastSquares, WEAK_F } from './two-stage.js';
export { type WildClusterTest, wildClusterTest } from './wild-bootstrap.js';
