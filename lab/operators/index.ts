export { attention, type TopKeys } from './attention.js';
export { type CrossEntropy, crossEntropy } from './cross-entropy.js';
export { add, concatColumns, squaredRelu } from './elementwise.js';
export { embedding } from './embedding.js';
export { mergeHeads, splitHeads, type TokenShape } from './heads.js';
export { linear } from './linear.js';
export { rmsNorm } from './rms-norm.js';
export { rotary } from './rotary.js';
