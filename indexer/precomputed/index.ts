export {
  openPrecomputed,
  type PrecomputedFiles,
  type PrecomputedVectors,
  precomputedEmbedder,
} from './open-precomputed.js';
