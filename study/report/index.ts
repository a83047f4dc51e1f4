export type { BuildOptions, ReportedIntervention, ReportRequest } from './build-report.js';
export { buildReport } from './build-report.js';
export { readBaseline } from './compare/index.js';
export { parseRule, type Rule } from './gates/index.js';
export type * from './report.js';
export { REPORT_VERSION } from './report.js';
export { type RequestOptions, reportRequest } from './report-request.js';
export {
  REPORT_FORMATS,
  type ReportFormat,
  type WriteOptions,
  type WrittenReport,
  writeReport,
} from './write-report.js';
