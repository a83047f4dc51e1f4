export { type Dimension, type ElementType, Graph, type Value } from './graph.js';
export { float32Tensor, int32Tensor, openSession, type SessionOptions, sharedSession } from './session.js';
