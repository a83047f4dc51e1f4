import { type ListParts, type ListRows, openClusteredReader, UsageError } from '../../store/index.js';
import type { Points } from '../points.js';

/** The lists of one corpus. */
export interface CorpusStrata {
  readonly sizes: Int32Array;
  readonly parts: ListParts;
  /** Whether the order of a list is random, so that it may be drawn from; if not, lists have to be summed whole. */
  readonly shuffled: boolean;
  /** Reads rows of a list; see `ClusteredReader.read`. */
  read(list: number, first: number, count: number, into: ListRows): void;
  close(): void;
}

/** All lists of all corpora, numbered one corpus after the other. */
export interface Strata {
  readonly dims: number;
  /** Points in all lists. */
  readonly points: number;
  readonly corpora: readonly CorpusStrata[];
  /** The number of each corpus's first list. */
  readonly firstLists: readonly number[];
  readonly sizes: Int32Array;
  /** The corpus of each list. */
  readonly corpusOf: Int32Array;
  close(): void;
}

/** Rows in a list of a corpus that is not clustered. */
const RUN_ROWS = 1024;

/**
 * Opens the lists of some corpora. A corpus that is not clustered has runs of its rows for lists.
 *
 * @throws UsageError where none of them is clustered
 * @throws DataError naming a clustered file that is damaged
 */
export function openStrata(points: readonly Points[]): Strata {
  const corpora: CorpusStrata[] = [];
  const close = () => {
    for (const corpus of corpora) corpus.close();
  };
  try {
    for (const one of points) corpora.push(clusteredLists(one) ?? runsOfRows(one));
    if (!corpora.some(({ shuffled }) => shuffled)) {
      const names = points.map(({ corpus }) => `"${corpus}"`).join(', ');
      throw new UsageError(
        `This estimator goes by the lists of clustered vectors, which ${names} has not, or not of all its vectors: run "densimeter cluster", or use the exact estimator.`,
      );
    }
  } catch (error) {
    close();
    throw error;
  }
  const { dims } = points[0]!.reader;
  const counts = corpora.map(({ sizes }) => sizes.length);
  const sizes = Int32Array.from(corpora.flatMap((corpus) => [...corpus.sizes]));
  return {
    ...{ dims, corpora, sizes, close },
    points: sizes.reduce((sum, size) => sum + size, 0),
    firstLists: counts.map((_, corpus) => counts.slice(0, corpus).reduce((sum, count) => sum + count, 0)),
    corpusOf: Int32Array.from(counts.flatMap((count, corpus) => new Array<number>(count).fill(corpus))),
  };
}

function clusteredLists({ folder, documentOfRow }: Points): CorpusStrata | undefined {
  const clusters = folder === undefined ? undefined : openClusteredReader(folder, documentOfRow.length);
  return clusters && { ...clusters, shuffled: true };
}

function runsOfRows({ reader, documentOfRow }: Points): CorpusStrata {
  const { dims } = reader;
  const rows = documentOfRow.length;
  const lists = Math.ceil(rows / RUN_ROWS);
  return {
    sizes: Int32Array.from({ length: lists }, (_, list) => Math.min(RUN_ROWS, rows - list * RUN_ROWS)),
    // Nothing is predicted from them.
    parts: { perList: 1, rows: new Float32Array(lists * (dims + 1)) },
    shuffled: false,
    read(list, first, count, { vectors, ids, places }) {
      reader.read(list * RUN_ROWS + first, count, vectors);
      for (let i = 0; i < count; i++) {
        ids[i] = list * RUN_ROWS + first + i;
        places[i] = i;
      }
    },
    // The reader is the caller's.
    close() {},
  };
}
