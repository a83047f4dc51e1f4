import type { SessionOptions } from '../onnx/index.js';
import { deannDensity, rspDensity } from './baselines/index.js';
import type { DensityEstimate } from './estimate.js';
import type { EstimatorOptions } from './estimators.js';
import { exactDensity } from './exact.js';
import type { Points } from './points.js';

/** An estimator that runs in the thread that calls it. */
type SerialEstimator = (
  queries: Float32Array,
  points: readonly Points[],
  options: EstimatorOptions & SessionOptions,
) => Promise<DensityEstimate[]>;

/** What a worker thread can run. */
export const SERIAL_ESTIMATORS = {
  exact: exactDensity,
  deann: deannDensity,
  rsp: rspDensity,
} satisfies Record<string, SerialEstimator>;
export type SerialName = keyof typeof SERIAL_ESTIMATORS;
