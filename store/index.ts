export * from './catalogue/calibrations.js';
export * from './catalogue/cells.js';
export * from './catalogue/corpora.js';
export * from './catalogue/densities.js';
export * from './catalogue/ingests.js';
export * from './catalogue/interventions.js';
export * from './catalogue/leak-searches.js';
export * from './catalogue/measurements.js';
export * from './catalogue/near-duplicates.js';
export * from './catalogue/outcomes.js';
export * from './catalogue/projections.js';
export * from './catalogue/queries.js';
export * from './catalogue/runs.js';
export * from './catalogue/steps.js';
export { hashText, rowOfText } from './catalogue/text-hash.js';
export * from './catalogue/top-shares.js';
export { recordVectorFiles, vectorFilesOf } from './catalogue/vector-files.js';
export { corpusNamed, dropCorpus, forgetResults, removeDocuments, renameCorpus } from './change-corpus.js';
export {
  type CorpusWriter,
  openCorpusVectors,
  openCorpusWriter,
  readQueryVectors,
  writeQueryVectors,
} from './corpus-vectors.js';
export { DataError, Interrupted, UsageError } from './errors.js';
export { type Job, type JobStatus, type JobStore, openJobs } from './jobs.js';
export { fromPosted, type PostedError, postable } from './posted-error.js';
export type { OnProgress, Progress } from './progress.js';
export { safeName } from './safe-name.js';
export { type OpenStudyOptions, openStudy, type Study } from './study-directory.js';
export * from './tables/index.js';
export { type ClusteredReader, isClustered, openClusteredReader } from './vectors/clustered-reader.js';
export { type FlatHeader, HEADER_BYTES } from './vectors/faiss-flat.js';
export type { IvfHeader } from './vectors/faiss-ivf.js';
export { type FaissIndex, openFaissIndex, whyNoFaiss } from './vectors/faiss-node.js';
export type { Precision } from './vectors/format.js';
export { decodeHalf } from './vectors/half.js';
export { readIvfHeaderOf } from './vectors/ivf-header.js';
export { type IvfReader, openIvfReader } from './vectors/ivf-reader.js';
export { ivfName, UNFINISHED, writeIvfFile } from './vectors/ivf-writer.js';
export { hasListTiles, readListTiles, removeListTiles, writeListTiles } from './vectors/list-tiles.js';
export { type ExpectedVectors, openVectorReader, type VectorReader } from './vectors/reader.js';
export { openVectorFile } from './vectors/vector-file.js';
export {
  openVectorWriter,
  partName,
  type VectorFile,
  type VectorWriter,
  type VectorWriterOptions,
} from './vectors/writer.js';
export { lockForWriting, type WriteLock } from './write-lock.js';
