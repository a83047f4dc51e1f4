export { type ChosenBandwidth, chooseBandwidth } from './bandwidth.js';
export { type CalibrateOptions, calibrate } from './calibrate.js';
export { type DensityEstimate, log10Of } from './estimate.js';
export { type ExactOptions, exactDensity } from './exact.js';
export { KERNEL_NAMES, type Kernel, type KernelName, kernelNamed } from './kernels.js';
export { type MeasureOptions, measure } from './measure.js';
export { exactDensityInParallel } from './parallel.js';
export { countPoints, openPoints, type Points } from './points.js';
export * from './sketch/index.js';
