import { DataError } from '../../store/index.js';
import { type Hasher, openHasher } from './hasher.js';
import { estimateFromRows, type QueryOptions, type SketchEstimate } from './row-estimate.js';
import {
  checkSettings,
  counterBytes,
  directionBytes,
  requireSame,
  type SketchSettings,
  settingsForMemory,
} from './settings.js';

/** A RACE sketch: counts of hashed vectors from which their angular-kernel density follows. */
export interface Sketch {
  readonly settings: Readonly<SketchSettings>;
  /** Vectors added so far. */
  readonly n: number;
  /** `(rows, 2^bits)` row-major: how many vectors fell into each bucket. */
  readonly counts: Int32Array;
  /** Bytes of the counters, and of the directions that adding and asking need besides. */
  readonly bytes: { counters: number; directions: number };
  /**
   * Counts vectors in; calls may overlap, and their order changes nothing.
   *
   * @param vectors `(count, dims)` row-major unit vectors
   * @throws RangeError for vectors of other dims or not of unit length
   * @throws DataError where the counters could overflow
   */
  add(vectors: Float32Array): Promise<void>;
  /**
   * Adds another sketch's counts: the same, bit for bit, as sketching both sets of vectors in one.
   *
   * @throws DataError where the other one has other settings
   */
  merge(other: Sketch): void;
  /**
   * The density of each query, with its error from the scatter of the rows.
   *
   * @param queries `(queries, dims)` row-major unit vectors
   * @throws DataError where the sketch is empty
   */
  query(queries: Float32Array, options?: QueryOptions): Promise<SketchEstimate[]>;
}

const MOST_VECTORS = 2 ** 31 - 1;
const BLOCK_QUERIES = 256;

/**
 * Opens an empty sketch, or one with what was counted before. After Coleman & Shrivastava 2020, "Sub-linear RACE
 * sketches for approximate kernel density estimation on streaming data": every row counts vectors by a
 * locality-sensitive hash of its own, so that count[hash(q)]/n has the density of the hash's collision kernel as its
 * expectation. The hash is one of signed random projections, taken as it is, without hashing it again into fewer
 * buckets: nothing has to be subtracted, and the estimate is unbiased.
 *
 * @throws UsageError for settings that no sketch can have
 */
export function openSketch(
  settings: SketchSettings,
  contents: { n: number; counts: Int32Array } = emptyContents(settings),
): Sketch {
  checkSettings(settings);
  const { dims, bits, rows } = settings;
  const { counts } = contents;
  let { n } = contents;
  let hasher: Promise<Hasher> | undefined;
  const openedHasher = () => {
    hasher ??= openHasher(settings);
    return hasher;
  };

  return {
    settings,
    counts,
    bytes: { counters: counterBytes(settings), directions: directionBytes(settings) },
    get n() {
      return n;
    },
    async add(vectors) {
      const added = vectors.length / dims;
      checkRoom(added);
      const { hash } = await openedHasher();
      for await (const tile of hash(vectors)) {
        let at = 0;
        for (let vector = 0; vector < tile.vectors; vector++) {
          for (let row = tile.firstRow; row < tile.firstRow + tile.rows; row++) {
            counts[row * 2 ** bits + tile.codes[at++]!]!++;
          }
        }
      }
      n += added;
    },
    merge(other) {
      requireSame(settings, other.settings);
      checkRoom(other.n);
      for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!;
      n += other.n;
    },
    async query(queries, options = {}) {
      if (n === 0) throw new DataError('The sketch is empty: it has no density. Add vectors to it first.');
      const { hash } = await openedHasher();
      const estimates: SketchEstimate[] = [];
      for (let first = 0; first < queries.length; first += BLOCK_QUERIES * dims) {
        const block = queries.subarray(first, first + BLOCK_QUERIES * dims);
        const shares = new Float64Array((block.length / dims) * rows);
        for await (const tile of hash(block)) {
          let at = 0;
          for (let query = tile.firstVector; query < tile.firstVector + tile.vectors; query++) {
            for (let row = tile.firstRow; row < tile.firstRow + tile.rows; row++) {
              shares[query * rows + row] = counts[row * 2 ** bits + tile.codes[at++]!]! / n;
            }
          }
        }
        for (let from = 0; from < shares.length; from += rows) {
          estimates.push(estimateFromRows(shares.subarray(from, from + rows), options));
        }
      }
      return estimates;
    },
  };

  function checkRoom(added: number): void {
    if (n + added <= MOST_VECTORS) return;
    throw new DataError(
      `The sketch holds ${n} vectors, and ${added} more could overflow its 32-bit counters: begin another sketch for them.`,
    );
  }
}

/**
 * An empty sketch of as many rows as fit into the memory.
 *
 * @param wanted `megabytes` of 2^20 bytes, for the counters alone
 * @throws UsageError where fewer than 16 rows fit
 */
export function sketchFor(wanted: Omit<SketchSettings, 'rows'> & { megabytes: number }): Sketch {
  return openSketch(settingsForMemory(wanted));
}

function emptyContents(settings: SketchSettings): { n: number; counts: Int32Array } {
  checkSettings(settings);
  return { n: 0, counts: new Int32Array(settings.rows * 2 ** settings.bits) };
}
