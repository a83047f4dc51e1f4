export { type ChunkOptions, chunkText } from './chunker.js';
export {
  type Clustered,
  type ClusterOptions,
  clusterVectors,
  extendClusters,
} from './cluster/cluster-vectors.js';
export { embedQueries } from './embed-queries.js';
export type { Embedded, Embedder, TextRole } from './embedder/embedder.js';
export { type EmbedderChoice, openEmbedder } from './embedder/open-embedder.js';
export type { Tokenizer } from './embedder/tokenizer.js';
export { openTokenizer, openUseLite } from './embedder/use-lite.js';
export { type IndexedCorpus, type IndexOptions, indexCorpus } from './index-corpus.js';
export type { Span } from './sentences.js';
export { type FieldNames, Skipped, type SourceDocument } from './sources/document.js';
export { type DocumentSource, filesOf, readDocuments } from './sources/read-documents.js';
