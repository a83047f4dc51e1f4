export { DEFAULT_LIMITS, type Limits, type Rejection } from './acceptance.js';
export { ngramOverlap } from './ngram-overlap.js';
export {
  openParaphraser,
  type ParaphraseOptions,
  type Paraphraser,
  type ParaphraseSource,
  type Paraphrases,
} from './paraphraser.js';
export { openParaphraseSource, type ParaphraserSettings, paraphraserSettings } from './source.js';
