export { writeDemoTexts } from './demo-texts.js';
export type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
export { EXPERIMENTS, experimentNamed } from './registry.js';
export { resultTable, writeResults } from './write-results.js';
