export { SELECTIONS, type SelectedDocuments, type Selection, selectDocuments } from './select.js';
export { type DocumentWeights, documentWeights, WEIGHTINGS, type Weighting } from './weights.js';
