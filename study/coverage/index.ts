export { type Coverage, type CoverageOptions, coverageOf } from './coverage.js';
export { findMeasurement, type MeasurementChoice } from './find-measurement.js';
export { changesWithout } from './leave-one-out.js';
export type { CoverageMatrix, Support } from './matrix.js';
export type { SubjectField } from './subjects.js';
export { type CoverageTables, coverageTables } from './tables.js';
export type { Weighing } from './weights.js';
