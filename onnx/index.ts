export { type Dimension, type ElementType, Graph, type Value } from './graph.js';
export {
  float32Tensor,
  int8Tensor,
  int32Tensor,
  openSession,
  type SessionOptions,
  sharedSession,
  uint8Tensor,
} from './session.js';
