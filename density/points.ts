import {
  corpusByName,
  DataError,
  openCorpusVectors,
  type RowDocuments,
  rowDocuments,
  type Study,
  UsageError,
  type VectorReader,
} from '../store/index.js';
import { SPAN } from './tile-kernel.js';

/** The training points of one corpus: its vectors, and the document that each of them is from. */
export interface Points extends RowDocuments {
  corpusId: number;
  corpus: string;
  reader: VectorReader;
  /** Where the vectors are on disk, so that a worker thread can open them too. */
  folder?: string;
}

/** The embedder whose vectors are asked for, so that vectors of two embedders never meet. */
export interface EmbeddedBy {
  fingerprint: string;
}

/**
 * Opens the training points of the named corpora; the caller closes the readers.
 *
 * @throws UsageError for a corpus that is not there
 * @throws DataError for an empty corpus, or one that another embedder embedded
 */
export function openPoints(study: Study, corpora: readonly string[], { fingerprint }: EmbeddedBy): Points[] {
  return corpora.map((name) => {
    const corpus = corpusByName(study.db, name);
    if (!corpus) throw new UsageError(`There is no corpus "${name}" in ${study.dir}.`);
    if (corpus.fingerprint !== fingerprint) {
      throw new DataError(
        `Corpus "${name}" was embedded by ${corpus.embedder} (${corpus.fingerprint.slice(0, 12)}), the queries by ${fingerprint.slice(0, 12)}: index one of them again with the other's embedder.`,
      );
    }
    const rows = rowDocuments(study.db, corpus.id);
    if (rows.documentOfRow.length === 0)
      throw new DataError(`Corpus "${name}" has no chunks to measure against.`);
    const folder = study.vectorFolder('corpus', corpus.folder);
    const reader = openCorpusVectors(study, corpus);
    return { corpusId: corpus.id, corpus: name, reader, folder, ...rows };
  });
}

/** How many training points there are in all. */
export function countPoints(points: readonly Points[]): number {
  return points.reduce((sum, { documentOfRow }) => sum + documentOfRow.length, 0);
}

/** A run of rows of one corpus, held in memory. */
export interface Tile {
  /** Which of the `points` it is from. */
  corpus: number;
  firstRow: number;
  rows: number;
  /** `(rows, dims)` row-major. */
  vectors: Float32Array;
  /** The same with rows of zeros behind them, up to a multiple of the tile graph's span. */
  padded: Float32Array;
}

/** Reads all points in tiles of up to `tileRows` rows; the memory of a tile is used again for the next one. */
export function* tilesOf(points: readonly Points[], tileRows: number): Generator<Tile> {
  for (const [corpus, { reader, documentOfRow }] of points.entries()) {
    const { dims } = reader;
    const buffer = new Float32Array(tileRows * dims);
    for (let firstRow = 0; firstRow < documentOfRow.length; firstRow += tileRows) {
      const rows = Math.min(tileRows, documentOfRow.length - firstRow);
      const vectors = buffer.subarray(0, rows * dims);
      reader.read(firstRow, rows, vectors);
      const padded = buffer.subarray(0, Math.ceil(rows / SPAN) * SPAN * dims).fill(0, rows * dims);
      yield { corpus, firstRow, rows, vectors, padded };
    }
  }
}
