export { QueueFull } from './batches.js';
export { type Asked1, type Engine, type EngineAnswer, openEngine, type Question } from './engine.js';
