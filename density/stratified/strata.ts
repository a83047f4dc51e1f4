import { openClusteredReader, UsageError } from '../../store/index.js';
import type { Points } from '../points.js';
import { effectiveDims, spreadOf } from './effective-dims.js';

/** Which of several workers this is: each has every so many-th list. */
export interface Shard {
  worker: number;
  workers: number;
}

/** All lists. */
export const WHOLE: Shard = { worker: 0, workers: 1 };

/** Reads rows of a tile; see `ClusteredReader.read`. */
type ReadTile = (
  tile: number,
  vectors: Float32Array,
  ids: Int32Array | undefined,
  first: number,
  count: number,
) => void;

/** The tiles of one corpus. */
interface CorpusTiles {
  readonly sizes: Int32Array;
  /** The list of each tile; those of a list stand together. */
  readonly listOf: Int32Array;
  /** `(tiles, dims + 1)` row-major: the mean of each tile, and its rows; undefined where nothing is known of them. */
  readonly means: Float32Array | undefined;
  readonly read: ReadTile;
  close(): void;
}

/** All tiles of all corpora, numbered one corpus after the other, and those that are a shard's own. */
export interface Strata {
  readonly dims: number;
  /** Points in all tiles. */
  readonly points: number;
  readonly sizes: Int32Array;
  /** The corpus of each tile. */
  readonly corpusOf: Int32Array;
  /** Own tiles of clustered corpora; those of a list stand together. */
  readonly own: Int32Array;
  /** Points of each own tile. */
  readonly ownSizes: Int32Array;
  /** The spread of each own tile, E‖x − mean‖². */
  readonly spreads: Float32Array;
  /** Where in `own` each tile is; −1 for those that are not there. */
  readonly ownOf: Int32Array;
  /** Where in `own` each own list starts, and, behind the last, how many there are. */
  readonly listStarts: Int32Array;
  /** The own list that each own tile is of. */
  readonly listOf: Int32Array;
  /** The number of each own list over all workers. */
  readonly listIds: Int32Array;
  /** `(own, dims + 1)` row-major: the mean of each, and its rows. */
  readonly means: Float32Array;
  /** How many dims the points of a tile spread over. */
  readonly effectiveDims: number;
  /** Own tiles of corpora that are not clustered: they have to be summed whole. */
  readonly whole: Int32Array;
  /** Points of all clustered corpora, and where those of each tile end, counted in them. */
  readonly drawable: number;
  readonly ends: Float64Array;
  readonly read: ReadTile;
  close(): void;
}

/** Rows in a tile of a corpus that is not clustered. */
const RUN_ROWS = 64;

/**
 * Opens the tiles of some corpora. A corpus that is not clustered has runs of its rows for tiles.
 *
 * @throws UsageError where none of them is clustered
 * @throws DataError naming a clustered file that is damaged
 */
export function openStrata(points: readonly Points[], { worker, workers }: Shard = WHOLE): Strata {
  const corpora = openCorpora(points);
  const close = () => {
    for (const corpus of corpora) corpus.close();
  };
  const { dims } = points[0]!.reader;
  const tiles = corpora.reduce((sum, { sizes }) => sum + sizes.length, 0);
  const [sizes, corpusOf, ends] = [new Int32Array(tiles), new Int32Array(tiles), new Float64Array(tiles)];
  const [own, listStarts, listIds, whole]: [number[], number[], number[], number[]] = [[], [], [], []];
  const firstTiles: number[] = [];
  let [tile, list, drawable] = [0, -1, 0];
  for (const [corpus, { sizes: ofCorpus, listOf, means }] of corpora.entries()) {
    firstTiles.push(tile);
    for (let at = 0; at < ofCorpus.length; at++, tile++) {
      sizes[tile] = ofCorpus[at]!;
      corpusOf[tile] = corpus;
      if (means) drawable += ofCorpus[at]!;
      ends[tile] = drawable;
      const isFirst = at === 0 || listOf[at] !== listOf[at - 1];
      if (isFirst) list++;
      if (list % workers !== worker) continue;
      if (means && isFirst) {
        listStarts.push(own.length);
        listIds.push(list);
      }
      (means ? own : whole).push(tile);
    }
  }
  const read: ReadTile = (tile, ...into) => {
    const corpus = corpusOf[tile]!;
    corpora[corpus]!.read(tile - firstTiles[corpus]!, ...into);
  };
  const meanOf = (tile: number) => {
    const corpus = corpusOf[tile]!;
    const from = (tile - firstTiles[corpus]!) * (dims + 1);
    return corpora[corpus]!.means!.subarray(from, from + dims + 1);
  };
  const means = new Float32Array(own.length * (dims + 1));
  const spreads = new Float32Array(own.length);
  const ownOf = new Int32Array(tiles).fill(-1);
  for (const [at, tile] of own.entries()) {
    means.set(meanOf(tile), at * (dims + 1));
    spreads[at] = spreadOf(meanOf(tile).subarray(0, dims));
    ownOf[tile] = at;
  }
  const ownLists = new Int32Array(own.length);
  for (const [list, start] of listStarts.entries()) ownLists.fill(list, start);
  const drawing = { dims, drawable, ends, sizes, read };
  return {
    ...{ ...drawing, corpusOf, means, spreads, ownOf, listOf: ownLists, close },
    own: Int32Array.from(own),
    ownSizes: Int32Array.from(own, (tile) => sizes[tile]!),
    listStarts: Int32Array.from([...listStarts, own.length]),
    listIds: Int32Array.from(listIds),
    whole: Int32Array.from(whole),
    points: sizes.reduce((sum, size) => sum + size, 0),
    effectiveDims: effectiveDims(drawing, (tile) => meanOf(tile).subarray(0, dims)),
  };
}

function openCorpora(points: readonly Points[]): CorpusTiles[] {
  const corpora: CorpusTiles[] = [];
  try {
    for (const one of points) corpora.push(clusteredTiles(one) ?? runsOfRows(one));
    if (corpora.some(({ means }) => means)) return corpora;
    const names = points.map(({ corpus }) => `"${corpus}"`).join(', ');
    throw new UsageError(
      `This estimator goes by the lists of clustered vectors, which ${names} has not, or not of all its vectors: run "densimeter cluster", or use the exact estimator.`,
    );
  } catch (error) {
    for (const corpus of corpora) corpus.close();
    throw error;
  }
}

function clusteredTiles({ folder, documentOfRow }: Points): CorpusTiles | undefined {
  return folder === undefined ? undefined : openClusteredReader(folder, documentOfRow.length);
}

function runsOfRows({ reader, documentOfRow }: Points): CorpusTiles {
  const rows = documentOfRow.length;
  const tiles = Math.ceil(rows / RUN_ROWS);
  return {
    sizes: Int32Array.from({ length: tiles }, (_, tile) => Math.min(RUN_ROWS, rows - tile * RUN_ROWS)),
    listOf: Int32Array.from({ length: tiles }, (_, tile) => tile),
    means: undefined,
    read(tile, vectors, ids, first, count) {
      reader.read(tile * RUN_ROWS + first, count, vectors);
      if (!ids) return;
      for (let i = 0; i < count; i++) ids[i] = tile * RUN_ROWS + first + i;
    },
    // The reader is the caller's.
    close() {},
  };
}
