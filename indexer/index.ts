export { type CharacterChunks, type ChunkOptions, chunkText } from './chunker.js';
export { embedQueries } from './embed-queries.js';
export { withAbacusDigits } from './embedder/abacus.js';
export type { Embedded, Embedder, TextRole } from './embedder/embedder.js';
export { type EmbedderChoice, openEmbedder } from './embedder/open-embedder.js';
export type { Tokenizer } from './embedder/tokenizer.js';
export { openTokenizer, openUseLite } from './embedder/use-lite.js';
export { type IndexedCorpus, type IndexOptions, indexCorpus } from './index-corpus.js';
export {
  findNearDuplicates,
  type NearDuplicateGroup,
  type NearDuplicateOptions,
  type NearDuplicateSummary,
  summariseNearDuplicates,
} from './near-duplicates/find-near-duplicates.js';
export type { Span } from './sentences.js';
export { type FieldNames, Skipped, type SourceDocument } from './sources/document.js';
export { type DocumentSource, filesOf, readDocuments } from './sources/read-documents.js';
export type { TokenWindows } from './token-windows.js';
