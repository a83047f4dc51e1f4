export { type AnalysisOptions, analyseIntervention, type TreatedQuery } from './analyse.js';
export { type AnalyseRunsOptions, analyseRuns, measurementBefore } from './analyse-runs.js';
export { type ArmKind, type ArmSettings, armList, armSettings, UNTOUCHED } from './arms.js';
export { type DesignedIntervention, type DesignOptions, designIntervention } from './design-intervention.js';
export { embedderOfSet } from './embedder-of-set.js';
export { FINETUNE_SHAPES, type FinetuneFormat, type FinetuneShape } from './finetune-file.js';
export { type InterventionRuns, interventionResult } from './intervention-result.js';
export {
  ngramOverlap,
  openParaphraseSource,
  type ParaphraserSettings,
  paraphraserSettings,
} from './paraphrase/index.js';
export type { ArmResult, InstrumentedEffect, InterventionResult } from './result.js';
export { type TrainCommand, trainByCommand } from './train-command.js';
