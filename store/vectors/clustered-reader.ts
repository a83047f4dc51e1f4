import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomLcg, shuffler } from 'd3';
import { DataError } from '../errors.js';
import { type IvfReader, openIvfReader } from './ivf-reader.js';
import { ivfName } from './ivf-writer.js';
import { type ListParts, readListParts } from './list-parts.js';

/** Rows read from a list. */
export interface ListRows {
  /** `(rows, dims)` row-major; those of one file stand together. */
  vectors: Float32Array;
  /** The row of each in the corpus. */
  ids: Int32Array;
  /** Where in the order of the list each comes after the first that was asked for. */
  places: Int32Array;
}

/** Reads the lists of the clustered vectors of a corpus, which may be spread over several files. */
export interface ListReader {
  readonly dims: number;
  /** Rows in all files. */
  readonly rows: number;
  readonly lists: number;
  /** Rows in each list. */
  readonly sizes: Int32Array;
  /**
   * Reads `count` rows of a list from place `first` on; behind the last place comes the first again. The order of a list is
   * random: from a place that is drawn at random, any stretch is a random draw without replacement.
   */
  read(list: number, first: number, count: number, into: ListRows): void;
  close(): void;
}

/** Reads lists of which it is known what is in them. */
export interface ClusteredReader extends ListReader {
  readonly parts: ListParts;
}

/**
 * Opens the clustered files of a corpus, with what is known of their lists.
 *
 * @param rows how many the corpus has
 * @returns undefined where there are no files, or they do not hold all rows
 * @throws DataError naming the file where one is damaged
 */
export function openClusteredReader(folder: string, rows: number): ClusteredReader | undefined {
  const lists = openLists(folder, rows);
  try {
    return lists && { ...lists, parts: readListParts(folder, lists) };
  } catch (error) {
    lists?.close();
    throw error;
  }
}

/**
 * Opens the clustered files of a corpus.
 *
 * @param rows how many the corpus has
 * @returns undefined where there are none, or they do not hold all rows
 * @throws DataError naming the file where one is damaged
 */
export function openLists(folder: string, rows: number): ListReader | undefined {
  const files: IvfReader[] = [];
  const close = () => {
    for (const file of files) file.close();
  };
  try {
    let found = 0;
    for (let path = join(folder, ivfName(0)); existsSync(path); path = join(folder, ivfName(files.length))) {
      files.push(openIvfReader(path));
      found += files.at(-1)!.rows;
    }
    if (found !== rows || files.length === 0) {
      close();
      return undefined;
    }
    return { ...listReader(files), close };
  } catch (error) {
    close();
    throw error;
  }
}

function listReader(files: readonly IvfReader[]): Omit<ListReader, 'close'> {
  const { dims, lists } = files[0]!;
  const sizes = new Int32Array(lists);
  for (const file of files) {
    if (file.dims !== dims || file.lists !== lists) {
      throw new DataError(
        `${file.file} has ${file.lists} lists of ${file.dims} dims; the files before it have ${lists} of ${dims}. Cluster the corpus again.`,
      );
    }
    file.sizes.forEach((size, list) => {
      sizes[list]! += size;
    });
  }
  return {
    dims,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    lists,
    sizes,
    read: files.length === 1 ? readFromOne(files[0]!) : readFromMany(files, sizes),
  };
}

/** In a single file, what lies behind one another is read at once. */
function readFromOne(file: IvfReader): ListReader['read'] {
  const { dims } = file;
  return (list, first, count, { vectors, ids, places }) => {
    const size = file.sizes[list]!;
    for (let i = 0; i < count; i++) places[i] = i;
    for (let at = 0; at < count; ) {
      const from = (first + at) % size;
      const rows = Math.min(count - at, size - from);
      file.readList(list, vectors.subarray(at * dims), ids.subarray(at), from, rows);
      at += rows;
    }
  };
}

/** The rows of several files come in a random order, which is always the same; those of one file are read at once. */
function readFromMany(files: readonly IvfReader[], sizes: Int32Array): ListReader['read'] {
  const { dims } = files[0]!;
  const orders = new Map<number, Uint16Array>();
  const orderOf = (list: number) => {
    let order = orders.get(list);
    if (!order) {
      order = new Uint16Array(sizes[list]!);
      let at = 0;
      for (const [file, { sizes: inFile }] of files.entries()) {
        order.fill(file, at, at + inFile[list]!);
        at += inFile[list]!;
      }
      shuffler(randomLcg(list))(order);
      orders.set(list, order);
    }
    return order;
  };
  return (list, first, count, { vectors, ids, places }) => {
    const order = orderOf(list);
    const size = order.length;
    let at = 0;
    for (const [file, { sizes: inFile, readList }] of files.entries()) {
      const start = rowsBefore(order, file, first % size);
      const begin = at;
      for (let i = 0, place = first % size; i < count; i++, place = place + 1 === size ? 0 : place + 1) {
        if (order[place] === file) places[at++] = i;
      }
      for (let done = begin; done < at; ) {
        const from = (start + done - begin) % inFile[list]!;
        const rows = Math.min(at - done, inFile[list]! - from);
        readList(list, vectors.subarray(done * dims), ids.subarray(done), from, rows);
        done += rows;
      }
    }
  };
}

/** How many of the rows before a place are of a file. */
function rowsBefore(order: Uint16Array, file: number, place: number): number {
  let rows = 0;
  for (let i = 0; i < place; i++) if (order[i] === file) rows++;
  return rows;
}
