export { addQuerySet, type QuerySetFiles } from './ask/add-query-set.js';
export {
  type Answerer,
  type AnswerOptions,
  type Answers,
  type Asked,
  openAnswerer,
} from './ask/answerer.js';
export { type AskOptions, ask } from './ask/ask.js';
export type { AskedDensity, NearText } from './ask/asked-density.js';
export { ALL_CONTROLS, type BatchOptions, type Cell, MODELS, runBatch } from './batch/index.js';
export { type ControlsOptions, type MeasuredControls, measureControls } from './controls/measure-controls.js';
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
export {
  analyseRuns,
  armList,
  type DesignedIntervention,
  designIntervention,
  embedderOfSet,
  type InterventionResult,
  measurementBefore,
  openParaphraseSource,
  type ParaphraserSettings,
} from './interventions/index.js';
export { ALARM, findLeaks, type LeakSearchOptions } from './leaks/index.js';
export {
  type Completer,
  type GoldfishRule,
  goldfishMask,
  importCompletions,
  type MemorisedRun,
  memoriseRun,
  openEndpointCompleter,
  openModelEncoder,
  openOnnxCompleter,
  writeGoldfishFile,
} from './memorization/index.js';
export type { ColumnNames } from './outcomes/import/columns.js';
export { type ImportedRun, type ImportOptions, importOutcomes } from './outcomes/import/import-outcomes.js';
export { type RunFiles, runsByPattern } from './outcomes/import/pattern.js';
export { type Metric, metricsFrom } from './outcomes/metrics.js';
export { openScorer, type ScorerChoice } from './outcomes/score/open-scorer.js';
export { type ScoredRun, type ScoreOptions, scoreRun } from './outcomes/score/score-run.js';
export type { ScoredText, Scorer, TextScore } from './outcomes/score/scorer.js';
export { type RunOptions, runStudy } from './pipeline/run-study.js';
export { readStudyFile, type StudyFile } from './pipeline/study-file.js';
export {
  type CellCounts,
  countCells,
  nearestPlaces,
  type ProjectOptions,
  place,
  project,
  type Region,
} from './projection/index.js';
export {
  type BuildOptions,
  parseRule,
  REPORT_FORMATS,
  REPORT_VERSION,
  type Report,
  type ReportFormat,
  readBaseline,
  reportRequest,
  type WriteOptions,
  type WrittenReport,
  writeReport,
} from './report/index.js';
export {
  type Checkpoint,
  checkpointsOfRuns,
  readCheckpoints,
  type ScalingStudy,
  scalingStudy,
} from './scaling/index.js';
export {
  type DocumentWeights,
  documentWeights,
  SELECTIONS,
  type SelectedDocuments,
  type Selection,
  selectDocuments,
  WEIGHTINGS,
  type Weighting,
} from './selection/index.js';
export { clusteredMean, leastSquares } from './statistics/index.js';
