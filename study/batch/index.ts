export type { Cell } from './cell.js';
export { ALL_CONTROLS, MODELS } from './models.js';
export { type BatchOptions, runBatch } from './run-batch.js';
