export type { ReportedIntervention, ReportRequest } from './build-report.js';
export { buildReport } from './build-report.js';
export type * from './report.js';
export { REPORT_VERSION } from './report.js';
export { type WrittenReport, writeReport } from './write-report.js';
