export { chooseMeasurement, type MeasurementChoice } from './choose-measurement.js';
export { type Coverage, type CoverageOptions, coverageOf } from './coverage.js';
export { changesWithout } from './leave-one-out.js';
export type { CoverageMatrix, Support } from './matrix.js';
export { SUBJECT_FIELDS, type SubjectField } from './subjects.js';
export { type CoverageTables, coverageTables } from './tables.js';
export { WEIGHINGS, type Weighing } from './weights.js';
