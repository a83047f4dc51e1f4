import {
  type Corpus,
  chunkCount,
  corpusByName,
  DataError,
  documentCount,
  dropCorpus,
  ensureCorpus,
  finishIngest,
  forgetIngest,
  Interrupted,
  type OnProgress,
  openCorpusWriter,
  type Precision,
  type Role,
  type Study,
  UsageError,
} from '../../store/index.js';
import type { ChunkOptions } from '../chunker.js';
import type { Embedder } from '../embedder/embedder.js';
import type { SourceDocument } from '../sources/document.js';
import { openIngestRun } from './ingest-run.js';
import { openIngest } from './open-ingest.js';

/** A corpus to be indexed, and how. */
export interface IndexOptions {
  name: string;
  role: Role;
  chunk: ChunkOptions;
  /** Share of the documents that are kept back as held-out, drawn by a hash of seed and key. */
  holdOut: number;
  seed: number;
  /** A hash of all that the documents and their chunks depend on: an interrupted ingest goes on where it is the same. */
  key: string;
  /** Where the documents come from, for the catalogue. */
  settings?: Record<string, unknown>;
  /** Add to a corpus that is there already. */
  append?: boolean;
  /** How the vectors' numbers are kept, where the corpus is new; default `fp32`. */
  precision?: Precision;
  /** Chunks committed together; a killed run goes on behind the last commit. Default 8,192. */
  windowChunks?: number;
  /** About how much there is to read, for the time left. */
  expected?: Expected;
  onProgress?: OnProgress;
  /** Stops behind the last commit. */
  signal?: AbortSignal;
}

/** How many documents there are to read, or about how many characters. */
export type Expected = { documents: number } | { characters: number };

/** What an indexed corpus holds, and what indexing it took this time. */
export interface IndexedCorpus {
  documents: number;
  heldOut: number;
  chunks: number;
  /** Chunks that were not embedded, for their text was embedded before. */
  duplicates: number;
  /** Tokens embedded this time. */
  tokens: number;
  /** Share of the embedder's time, this time, in which it waited for texts; undefined where that is not known. */
  waiting: number | undefined;
}

/**
 * Cuts documents into chunks, embeds them and appends the vectors to the corpus's files, committing as it goes. Texts
 * that stand in the corpus already are not embedded again: their vectors are copied, and count as often as they occur.
 * Documents that the catalogue already has, from an interrupted run, are passed over.
 *
 * @throws UsageError for a share to hold out that is none
 * @throws DataError where the corpus has no text to index, is there already and `append` is not set, was interrupted
 *   with other inputs, or was embedded by another embedder
 * @throws Interrupted where the signal stopped it
 */
export async function indexCorpus(
  study: Study,
  embedder: Embedder,
  documents: AsyncIterable<SourceDocument>,
  options: IndexOptions,
): Promise<IndexedCorpus> {
  if (!(options.holdOut >= 0 && options.holdOut < 1)) {
    throw new UsageError(`The share to hold out must be at least 0 and below 1, not ${options.holdOut}.`);
  }
  const corpus = corpusFor(study, embedder, options);
  const ingest = openIngest(study, corpus, options);
  if (ingest.finished) return { ...countsOf(study, corpus.id), tokens: 0, waiting: undefined };
  const skip = documentCount(study.db, corpus.id) - ingest.documentsBefore;
  const writer = openCorpusWriter(study, corpus);
  const run = openIngestRun(study, corpus, embedder, writer, options);
  let seen = 0;
  try {
    for await (const document of documents) {
      if (options.signal?.aborted) throw await interrupted();
      run.read(document);
      if (seen++ >= skip) await run.add(document);
    }
    await run.finish();
    if (writer.rows === 0) {
      throw new DataError(
        `Corpus "${options.name}" has no text to index: ${seen} documents, none with a chunk.`,
      );
    }
    finishIngest(study.db, ingest.id);
  } finally {
    await run.settle();
    writer.close();
    // What failed before its first commit left nothing to go on with.
    if (chunkCount(study.db, corpus.id) === 0) dropCorpus(study, options.name);
    else if (documentCount(study.db, corpus.id) === ingest.documentsBefore) forgetIngest(study.db, ingest.id);
  }
  return { ...countsOf(study, corpus.id), tokens: run.tokens, waiting: embedder.waiting?.() };

  async function interrupted(): Promise<Interrupted> {
    await run.settle();
    const kept = documentCount(study.db, corpus.id);
    return new Interrupted(
      `Stopped: ${kept} documents of corpus "${options.name}" are kept. Run the same command again: it goes on from there.`,
    );
  }
}

function corpusFor(study: Study, embedder: Embedder, { name, role, precision }: IndexOptions): Corpus {
  const { name: embedderName, fingerprint, dims } = embedder;
  const found = corpusByName(study.db, name);
  // Left behind by a run that failed before its first commit.
  if (found && documentCount(study.db, found.id) === 0) dropCorpus(study, name);
  const wanted = {
    ...{ name, role, embedder: embedderName, fingerprint, dims },
    embedderChoice: embedder.choice ?? null,
  };
  const corpus = ensureCorpus(study.db, { ...wanted, ...(precision && { precision }) });
  if (corpus.fingerprint !== fingerprint) {
    throw new DataError(
      `Corpus "${name}" was embedded by ${corpus.embedder}, and vectors of two embedders cannot be mixed: use it again, or index under another name.`,
    );
  }
  if (precision && corpus.precision !== precision) {
    throw new DataError(`Corpus "${name}" keeps its vectors as ${corpus.precision}, not ${precision}.`);
  }
  return corpus;
}

function countsOf({ db }: Study, corpusId: number) {
  const { documents, heldOut } = db
    .prepare<[number], { documents: number; heldOut: number }>(
      `SELECT count(*) AS documents, coalesce(sum(split = 'held-out'), 0) AS heldOut FROM documents WHERE corpus_id = ?`,
    )
    .get(corpusId)!;
  const duplicates = db
    .prepare<[number], number>('SELECT count(*) - count(DISTINCT text_hash) FROM chunks WHERE corpus_id = ?')
    .pluck()
    .get(corpusId)!;
  return { documents, heldOut, chunks: chunkCount(db, corpusId), duplicates };
}
