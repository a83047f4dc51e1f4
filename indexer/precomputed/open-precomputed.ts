import { createHash } from 'node:crypto';
import { sum } from 'd3';
import { DataError, UsageError } from '../../store/index.js';
import type { Embedder } from '../embedder/embedder.js';
import type { SourceDocument } from '../sources/document.js';
import { filesMatching } from '../sources/files.js';
import { attachById } from './attach-by-id.js';
import { attachByRow } from './attach-by-row.js';
import { openVectors, type VectorFileOptions } from './open-files.js';
import type { VectorFileSource } from './vector-blocks.js';

/** Files of vectors that were made elsewhere. */
export interface PrecomputedFiles extends VectorFileOptions {
  /** Paths or globs, relative to `base`, one behind the other. */
  files: readonly string[];
  base: string;
}

/** Vectors that were made elsewhere, and the documents that they belong to. */
export interface PrecomputedVectors {
  readonly dims: number;
  /** Vectors in all files, where the formats say it. */
  readonly rows: number | undefined;
  /** `row`: vector i belongs to record i of the text files; `id`: to the document of that key. */
  readonly alignedBy: 'row' | 'id';
  /** Vectors given so far that were not of unit length, and were made so. */
  readonly notUnit: number;
  /**
   * The documents with their unit vectors, in the documents' order.
   *
   * @param records how many records the text files hold, once all are read; undefined where not all are
   * @throws DataError naming file and row for a vector that cannot be used, one that is missing, or one too many
   */
  attach(
    documents: AsyncIterable<SourceDocument>,
    records: () => number | undefined,
  ): AsyncGenerator<SourceDocument>;
}

/** What is counted while vectors are attached. */
export interface Attached {
  notUnit: number;
}

/**
 * Opens files of vectors: NumPy, Parquet, FAISS, or raw float32.
 *
 * @throws UsageError for a file or column that is not there
 * @throws DataError for damaged files, or files of different dims
 */
export async function openPrecomputed({
  files,
  base,
  ...options
}: PrecomputedFiles): Promise<PrecomputedVectors> {
  const found = await filesMatching({ files, base });
  const sources: VectorFileSource[] = [];
  for (const file of found) sources.push(await openVectors(file, options));
  const [{ dims, hasIds, file: first }] = sources as [VectorFileSource, ...VectorFileSource[]];
  for (const source of sources) {
    if (source.dims !== dims) {
      throw new DataError(`${source.file} has vectors of ${source.dims} dims, ${first} of ${dims}.`);
    }
    if (source.hasIds !== hasIds) throw new DataError(`Of ${first} and ${source.file}, only one has ids.`);
  }
  const attached: Attached = { notUnit: 0 };
  return {
    dims,
    rows: sources.every(({ rows }) => rows !== undefined) ? sum(sources, ({ rows }) => rows) : undefined,
    alignedBy: hasIds ? 'id' : 'row',
    get notUnit() {
      return attached.notUnit;
    },
    attach: (documents, records) =>
      hasIds ? attachById(documents, sources, attached) : attachByRow(documents, sources, records, attached),
  };
}

/** Stands for the embedder that made vectors elsewhere: it has their name and dims, and can embed nothing itself. */
export function precomputedEmbedder(name: string, dims: number): Embedder {
  const refuse = () => {
    throw new UsageError(
      `Texts cannot be embedded by "${name}", whose vectors were made elsewhere: give vectors for these texts too.`,
    );
  };
  return {
    ...{ name, dims, maxTokens: Number.POSITIVE_INFINITY, parallel: 1 },
    fingerprint: createHash('sha256')
      .update(JSON.stringify(['precomputed', name, dims]))
      .digest('hex'),
    embed: async () => refuse(),
    countTokens: refuse,
    close: async () => {},
  };
}
