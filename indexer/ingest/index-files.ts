import {
  corpusByName,
  dropCorpus,
  forgetResults,
  type Ingest,
  ingestsOf,
  type OnProgress,
  type Precision,
  type Role,
  type Study,
  UsageError,
} from '../../store/index.js';
import type { ChunkOptions } from '../chunker.js';
import type { Embedder } from '../embedder/embedder.js';
import { openPrecomputed, type PrecomputedFiles, precomputedEmbedder } from '../precomputed/index.js';
import type { DocumentSource, Skipped } from '../sources/document.js';
import { filesMatching, filesOf } from '../sources/files.js';
import { rowsOf } from '../sources/parquet-rows.js';
import { readDocuments } from '../sources/read-documents.js';
import { fingerprintFiles } from './fingerprint-files.js';
import { hashOf } from './hash-of.js';
import { type Expected, type IndexedCorpus, indexCorpus } from './index-corpus.js';

/** What a corpus is made from, and how. */
export interface CorpusFiles extends DocumentSource {
  role: Role;
  chunk: ChunkOptions;
  /** Share of the documents that are kept back as held-out. */
  holdOut: number;
  precision: Precision;
  /** Vectors that were made elsewhere, one a document. */
  embeddings?: Omit<PrecomputedFiles, 'base'> | undefined;
}

/** What happens to a corpus of that name that is there already, and who hears of the work. */
export interface IndexFilesOptions {
  /** Counts the records that are left out. */
  skipped: Skipped;
  seed: number;
  /**
   * `append` adds to it; `replace` indexes it anew; `update` does so only where it was not made from these files in this
   * way. By default it must have been.
   */
  existing?: 'append' | 'replace' | 'update' | undefined;
  onProgress: OnProgress;
  signal?: AbortSignal | undefined;
  /** Chunks committed together. */
  windowChunks?: number | undefined;
}

/** What came of indexing files. */
export interface IndexedFiles extends IndexedCorpus {
  /** A hash of the files and all that the corpus depends on besides. */
  key: string;
  /** The same files had been indexed in the same way before. */
  unchanged: boolean;
  /** Vectors made elsewhere that were not of unit length and were made so. */
  rescaled: number;
}

/** An embedder, or the name of the one that made the vectors that come with the documents. */
export type OpenedEmbedder = Embedder | { precomputedBy: string };

/**
 * Indexes files as a corpus. A call that was interrupted goes on where it was when it is made again.
 *
 * @throws UsageError for files or columns that are not there
 * @throws DataError for data that cannot be used: see `indexCorpus`
 */
export async function indexFiles(
  study: Study,
  opened: OpenedEmbedder,
  name: string,
  files: CorpusFiles,
  { skipped, seed, existing, onProgress, signal, windowChunks }: IndexFilesOptions,
): Promise<IndexedFiles> {
  const { base, role, chunk, holdOut, precision, embeddings, ...source } = files;
  const texts = await fingerprintFiles(await filesOf(files), onProgress);
  const vectors =
    embeddings && (await fingerprintFiles(await filesMatching({ ...embeddings, base }), onProgress));
  const precomputed = embeddings && (await openPrecomputed({ ...embeddings, base }));
  const embedder = embedderFor(opened, precomputed?.dims);
  const settings = { ...source, role, chunk, holdOut, precision, embeddings, embedder: embedder.name, seed };
  const key = hashOf([{ ...settings, files: texts.hash }, vectors?.hash, embedder.fingerprint]);
  const existed = corpusByName(study.db, name) !== undefined;
  const earlier = ingestOfKey(study, name, key);
  const done = typeof earlier?.finished === 'string';
  if (existing === 'replace' ? !earlier || done : existing === 'update' && !earlier) dropCorpus(study, name);
  const documents = readDocuments({ ...source, base, seed }, skipped);
  const withVectors = precomputed?.attach(documents, () => skipped.records) ?? documents;
  const expected = await expectedOf(files, precomputed?.rows, texts.bytes);
  const indexed = await indexCorpus(study, embedder, withVectors, {
    ...{ name, role, chunk, holdOut, seed, key, precision, onProgress, settings },
    append: existing === 'append',
    ...(expected && { expected }),
    ...(signal && { signal }),
    ...(windowChunks && { windowChunks }),
  });
  const unchanged = done && existing !== 'replace';
  if (existed && !unchanged) forgetResults(study.db, name);
  return { ...indexed, key, unchanged, rescaled: precomputed?.notUnit ?? 0 };
}

/** What there is to read, where it can be told without reading: by rows, or by the size of files of plain text. */
async function expectedOf(
  source: CorpusFiles,
  vectors: number | undefined,
  bytes: number,
): Promise<Expected | undefined> {
  const rows = vectors ?? (await rowsOf(await filesOf(source)));
  const wanted = Math.min(
    source.sample ?? Number.POSITIVE_INFINITY,
    source.limit ?? Number.POSITIVE_INFINITY,
  );
  if (wanted < Number.POSITIVE_INFINITY) return { documents: Math.min(wanted, rows ?? wanted) };
  if (rows !== undefined) return { documents: rows };
  const packed = (await filesOf(source)).some((file) => /\.(gz|zst|parquet)$/i.test(file));
  return packed || bytes === 0 ? undefined : { characters: bytes };
}

function ingestOfKey({ db }: Study, name: string, key: string): Ingest | undefined {
  const corpus = corpusByName(db, name);
  return corpus && ingestsOf(db, corpus.id).find((ingest) => ingest.key === key);
}

function embedderFor(opened: OpenedEmbedder, dims: number | undefined): Embedder {
  if (dims !== undefined) {
    const made = precomputedEmbedder('precomputedBy' in opened ? opened.precomputedBy : opened.name, dims);
    if ('precomputedBy' in opened || opened.fingerprint === made.fingerprint) return made;
    throw new UsageError(
      `The vectors of the texts are given, of ${dims} dims, so ${opened.name} (${opened.dims} dims) has nothing to embed: name what made them instead.`,
    );
  }
  if (!('precomputedBy' in opened)) return opened;
  throw new UsageError('Vectors made elsewhere are asked for, but no file of them is given.');
}
