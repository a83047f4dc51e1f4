export type { Checkpoint } from './checkpoint.js';
export { checkpointsOfRuns } from './checkpoints-of-runs.js';
export { computeOptimal } from './convex-hull.js';
export { fitPowerLaw, type PowerLaw, predictLoss } from './power-law.js';
export { readCheckpoints } from './read-checkpoints.js';
export { type FittedLaw, type ScalingStudy, scalingStudy } from './scaling-study.js';
