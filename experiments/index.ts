export { writeDemoTexts } from './demo-texts.js';
export type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
export { writeGenerated } from './generation/generated-file.js';
export { generatorPrompts, PROMPT_FORMS, type PromptForm } from './generation/generator-prompts.js';
export { EXPERIMENTS, experimentNamed } from './registry.js';
export { resultTable, writeResults } from './write-results.js';
