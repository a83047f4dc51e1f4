export { type CharacterChunks, type ChunkOptions, chunkText } from './chunker.js';
export {
  type Clustered,
  type ClusterOptions,
  clusterVectors,
  extendClusters,
} from './cluster/cluster-vectors.js';
export { withAbacusDigits } from './embedder/abacus.js';
export type { Embedded, Embedder, Prefixes, TextRole } from './embedder/embedder.js';
export type { EmbedderChoice, OpenOptions } from './embedder/embedder-choice.js';
export { openEmbedderPool, type PoolOptions } from './embedder/embedder-pool.js';
export { type ModelEndpoint, openModelEndpoint } from './embedder/model-endpoint.js';
export { hashOfModel } from './embedder/model-hash.js';
export { openEmbedder } from './embedder/open-embedder.js';
export { reopenEmbedder } from './embedder/reopen-embedder.js';
export type { Tokenizer } from './embedder/tokenizer.js';
export { openTokenizer, openUseLite } from './embedder/use-lite.js';
export { embedQueries, type QueryToEmbed } from './ingest/embed-queries.js';
export { type FilesFingerprint, fingerprintFiles } from './ingest/fingerprint-files.js';
export { hashOf } from './ingest/hash-of.js';
export { type IndexedCorpus, type IndexOptions, indexCorpus } from './ingest/index-corpus.js';
export {
  type CorpusFiles,
  type IndexedFiles,
  type IndexFilesOptions,
  indexFiles,
} from './ingest/index-files.js';
export {
  type EmbeddingSink,
  type Streamed,
  type StreamOptions,
  streamEmbeddings,
} from './ingest/stream-embeddings.js';
export {
  findNearDuplicates,
  type NearDuplicateGroup,
  type NearDuplicateOptions,
  type NearDuplicateSummary,
  summariseNearDuplicates,
} from './near-duplicates/find-near-duplicates.js';
export { type NearDuplicateReport, reportNearDuplicates } from './near-duplicates/report-near-duplicates.js';
export {
  openPrecomputed,
  type PrecomputedFiles,
  type PrecomputedVectors,
  precomputedEmbedder,
} from './precomputed/index.js';
export type { Span } from './sentences.js';
export { describeSource, type SourceShape, sourceLine } from './sources/describe.js';
export { type DocumentSource, Skipped, type SourceDocument } from './sources/document.js';
export { filesMatching, filesOf } from './sources/files.js';
export { readDocuments } from './sources/read-documents.js';
export { type LabelledRecord, readRecords } from './sources/read-records.js';
export { valueAt } from './sources/template.js';
export type { TokenWindows } from './token-windows.js';
