export { readBaseline } from './comparable.js';
export { compareReports } from './compare.js';
export type { Comparison, Moved, MovedHeadline, MovedQuery } from './comparison.js';
