import { rmSync } from 'node:fs';
import type { Corpus, NewDocument } from './catalogue/corpora.js';
import { addDocuments, chunkCount } from './catalogue/corpora.js';
import { recordVectorFiles, vectorFilesOf } from './catalogue/vector-files.js';
import { DataError } from './errors.js';
import { safeName } from './safe-name.js';
import type { Study } from './study-directory.js';
import { openVectorReader, type VectorReader } from './vectors/reader.js';
import { openVectorWriter, type VectorWriter } from './vectors/writer.js';

/** Appends documents to a corpus, their vectors to its files and the rest to the catalogue. */
export interface CorpusWriter extends Pick<VectorWriter, 'rows' | 'append' | 'readRow' | 'close'> {
  /**
   * Makes documents durable whose vectors were appended; vectors that belong to no document yet may lie behind them.
   * A killed process loses what was not committed, and nothing else.
   *
   * @throws DataError for a key that the corpus has already
   */
  commit(documents: readonly NewDocument[]): void;
}

/**
 * Opens a corpus for appending behind the documents that the catalogue has.
 *
 * @throws DataError where its vector files are not as they were left
 */
export function openCorpusWriter(study: Study, { id, folder, dims, precision }: Corpus): CorpusWriter {
  const path = study.vectorFolder('corpus', folder);
  const { db } = study;
  let committed = chunkCount(db, id);
  const writer = openVectorWriter(path, { dims, precision, keepRows: committed });
  checkLast(writer, folder);
  return {
    get rows() {
      return writer.rows;
    },
    append: writer.append,
    readRow: writer.readRow,
    close: writer.close,
    commit(documents) {
      const files = writer.commit();
      db.transaction(() => {
        recordVectorFiles(db, folder, files);
        addDocuments(db, id, committed, documents);
      })();
      committed = chunkCount(db, id);
    },
  };

  function checkLast(opened: VectorWriter, name: string): void {
    const [last] = opened.commit();
    const known = vectorFilesOf(db, name).find(
      ({ file, rows }) => file === last!.file && rows === last!.rows,
    );
    if (!known || known.crc32 === last!.crc32) return;
    opened.close();
    throw new DataError(
      `${path}/${known.file} is damaged: its checksum is not that of what was written. Restore the file, or index the corpus again.`,
    );
  }
}

/**
 * Opens the vectors of a corpus, after comparing the files' checksums with the catalogue's.
 *
 * @throws DataError naming a file that is missing, truncated or damaged
 */
export function openCorpusVectors(study: Study, { id, folder }: Corpus): VectorReader {
  return openVectorReader(study.vectorFolder('corpus', folder), {
    rows: chunkCount(study.db, id),
    files: vectorFilesOf(study.db, folder),
  });
}

/** The name under which the catalogue keeps the vector files of a query set. */
const queryFolder = (name: string) => `queries/${name}`;

/** Replaces the vectors of a query set: `(queries, dims)` row-major. */
export function writeQueryVectors(study: Study, name: string, vectors: Float32Array, dims: number): void {
  const path = study.vectorFolder('queries', safeName(name));
  rmSync(path, { recursive: true, force: true });
  const writer = openVectorWriter(path, { dims, keepRows: 0 });
  try {
    writer.append(vectors);
    recordVectorFiles(study.db, queryFolder(name), writer.commit());
  } finally {
    writer.close();
  }
}

/**
 * The vectors of a query set: `(count, dims)` row-major.
 *
 * @throws DataError naming a file that is missing, truncated or damaged
 */
export function readQueryVectors(study: Study, name: string, count: number): Float32Array {
  const reader = openVectorReader(study.vectorFolder('queries', name), {
    rows: count,
    files: vectorFilesOf(study.db, queryFolder(name)),
  });
  try {
    const vectors = new Float32Array(count * reader.dims);
    reader.read(0, count, vectors);
    return vectors;
  } finally {
    reader.close();
  }
}
