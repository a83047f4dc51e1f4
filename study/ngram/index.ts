export type { NgramModel } from './model.js';
export { type NgramOptions, trainNgram } from './train.js';
