export { autoEstimator, type ChosenEstimator } from './auto.js';
export { type ChosenBandwidth, chooseBandwidth } from './bandwidth.js';
export {
  type BandwidthChoice,
  bandwidthBy,
  bandwidthChoice,
  type GivenBandwidth,
} from './bandwidth-choice.js';
export { bandwidthCurves, bandwidthsAround, type CurveOptions } from './bandwidth-curve.js';
export * from './baselines/index.js';
export { type CalibrateOptions, calibrate } from './calibrate.js';
export { type DensityEstimate, log10Of } from './estimate.js';
export {
  chooseEstimator,
  ESTIMATOR_NAMES,
  type EstimatorChoice,
  type EstimatorLimits,
  estimateBy,
  type UsedEstimator,
} from './estimator-choice.js';
export { ESTIMATORS, type Estimator, type EstimatorName, type EstimatorOptions } from './estimators.js';
export { type ExactOptions, exactDensity } from './exact.js';
export { type Int8Options, int8Density } from './int8/int8-density.js';
export { INTEGER_FORMS, type IntegerForm, integerForm } from './int8/integer-form.js';
export { KERNEL_NAMES, type Kernel, type KernelName, kernelNamed } from './kernels.js';
export { type KnnEstimate, type KnnOptions, knnDensity } from './knn.js';
export { type LaplacianOptions, laplacianDensity } from './laplacian.js';
export {
  chooseBandwidthByLikelihood,
  type LikeliestBandwidth,
  type LikelihoodOptions,
} from './likelihood.js';
export { MEASURED_KERNELS, type MeasuredKernel, type MeasureOptions, measure } from './measure.js';
export { type MeasureProjectedOptions, measureProjected } from './measure-projected.js';
export { mixtureDensity, type SweepEstimate } from './mixture.js';
export { NOISE_ALPHA, NOISE_DRAWS, type NoiseBand, type NoiseOptions, noiseBand } from './noise-view.js';
export { type OpenEstimators, type OpenEstimatorsOptions, openEstimators } from './open-estimators.js';
export { countPoints, openPoints, type Points } from './points.js';
export { seededUniform } from './seeded.js';
export * from './sketch/index.js';
export * from './stratified/index.js';
export { sweep } from './sweep.js';
export type { CorpusDensities, SweepDensities, SweepOptions } from './sweep-pass.js';
export { topKShares } from './top-k.js';
export { type Concentration, TOPS, type TopKOptions, type TopShares } from './top-k-pass.js';
