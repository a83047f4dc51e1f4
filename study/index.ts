export { addQuerySet, type QuerySetFiles } from './ask/add-query-set.js';
export { type Answers, type AskOptions, ask, type NearText, type TextDensity } from './ask/ask.js';
export {
  type Coverage,
  type CoverageOptions,
  coverageOf,
  coverageTables,
  findMeasurement,
  type SubjectField,
  type Support,
  type Weighing,
} from './coverage/index.js';
export type { ColumnNames } from './outcomes/import/columns.js';
export { type ImportedRun, type ImportOptions, importOutcomes } from './outcomes/import/import-outcomes.js';
export { type RunFiles, runsByPattern } from './outcomes/import/pattern.js';
export { type RunOptions, runStudy } from './pipeline/run-study.js';
export { readStudyFile, type StudyFile } from './pipeline/study-file.js';
export { REPORT_VERSION, type Report, type WrittenReport } from './report/index.js';
