export { angularKernel, bandwidthOfBits, bitsForBandwidth, describeAngularKernel } from './angular-kernel.js';
export type { QueryOptions, SketchEstimate } from './row-estimate.js';
export { counterBytes, directionBytes, type SketchSettings } from './settings.js';
export { openSketch, type Sketch, sketchFor } from './sketch.js';
export { sketchDensity } from './sketch-density.js';
export { readSketch, writeSketch } from './sketch-file.js';
