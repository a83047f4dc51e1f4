/** How one query's work is dealt out over the lists. */
export interface Allocation {
  /** Lists of the near field, and how many rows each gives to the query. */
  lists: Int32Array;
  rows: Int32Array;
  /** The band of the far field that each list is in, from the nearest on; −1 for lists of the near field. */
  bands: Int16Array;
  far: FarBand[];
}

/** Lists of the far field with like predictions. */
export interface FarBand {
  points: number;
  /** log of the standard deviation of K over its points, nats. */
  predicted: number;
}

/** What is dealt out. */
export interface Budget {
  /** Rows that the near field may give. */
  rows: number;
  /** Share of the points that the far field's sample has. */
  farShare: number;
}

/** A drawn list gives at least this many rows, so that its variance can be estimated. */
const LEAST_ROWS = 4;
/** A list from which nearly all would be drawn is summed whole. */
const NEARLY_ALL = 0.8;
/** Lists that would be drawn from less than this many times as densely as the far field's sample are left to it. */
const DENSER = 2;
/** The first band of the far field has this share of it, every one after it so many times the one before. */
const FIRST_BAND = 0.004;
const BAND_GROWTH = 1.3;
const BANDS = 24;
/** Predictions are sorted into bins this wide, nats; what lies farther below the largest than all of them is in the last. */
const BIN = 0.05;
const BINS = 1024;
/** What each bin is drawn from, relative to the first. */
const SHARES = Float64Array.from({ length: BINS }, (_, bin) => Math.exp(-bin * BIN));

/**
 * Deals rows out over lists in proportion to their sizes and predicted standard deviations (Neyman's allocation); lists
 * that would give fewer than a few rows make up the far field, in bands of like predictions.
 *
 * @param logs predicted log of the standard deviation of K in each list, nats
 * @param sizes points of each list
 * @param whole 1 for lists that are to be summed whole, whatever is predicted
 */
export function allocate(
  logs: Float32Array,
  sizes: Int32Array,
  whole: Uint8Array,
  { rows: budget, farShare }: Budget,
): Allocation {
  let largest = Number.NEGATIVE_INFINITY;
  for (let list = 0; list < logs.length; list++) {
    if (logs[list]! > largest && !whole[list]) largest = logs[list]!;
  }
  const bins = new Int16Array(logs.length);
  const points = new Float64Array(BINS);
  for (let list = 0; list < logs.length; list++) {
    if (whole[list]) continue;
    bins[list] = Math.min(BINS - 1, (largest - logs[list]!) / BIN);
    points[bins[list]!]! += sizes[list]!;
  }
  const density = drawDensity(points, budget, farShare);
  const lists: number[] = [];
  const rows: number[] = [];
  for (let list = 0; list < logs.length; list++) {
    const size = sizes[list]!;
    const wanted = whole[list] ? size : rowsFrom(size, SHARES[bins[list]!]! * density, farShare);
    if (wanted === 0) continue;
    points[bins[list]!]! -= whole[list] ? 0 : size;
    bins[list] = -1;
    lists.push(list);
    rows.push(wanted);
  }
  const { bandOfBin, far } = cutIntoBands(points, largest);
  const bands = bins.map((bin) => (bin < 0 ? -1 : bandOfBin[bin]!));
  return { lists: Int32Array.from(lists), rows: Int32Array.from(rows), bands, far };
}

/** Rows that a list gives where `share` of it is due; 0 where it is left to the far field. */
function rowsFrom(size: number, share: number, farShare: number): number {
  if (share >= NEARLY_ALL) return size;
  if (share < DENSER * farShare || share * size < LEAST_ROWS) return 0;
  return Math.ceil(share * size);
}

/** The share drawn from the lists of the first bin; from the others it is less in proportion to their predictions. */
function drawDensity(points: Float64Array, budget: number, farShare: number): number {
  const rowsAt = (density: number) => {
    let rows = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const share = Math.min(1, density * SHARES[bin]!);
      if (share < DENSER * farShare) break;
      rows += points[bin]! * (share >= NEARLY_ALL ? 1 : share);
    }
    return rows;
  };
  let [low, high] = [Math.log(1e-9), BINS * BIN];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (rowsAt(Math.exp(middle)) > budget) high = middle;
    else low = middle;
  }
  return Math.exp(low);
}

function cutIntoBands(points: Float64Array, largest: number): { bandOfBin: Int16Array; far: FarBand[] } {
  const total = points.reduce((sum, count) => sum + count, 0);
  const bandOfBin = new Int16Array(points.length);
  const far = Array.from({ length: BANDS }, () => ({ points: 0, squares: 0 }));
  let [band, seen] = [0, 0];
  points.forEach((count, bin) => {
    while (band < BANDS - 1 && seen >= total * FIRST_BAND * BAND_GROWTH ** band) band++;
    bandOfBin[bin] = band;
    far[band]!.points += count;
    far[band]!.squares += count * SHARES[bin]! ** 2;
    seen += count;
  });
  return {
    bandOfBin,
    far: far.map(({ points, squares }) => ({ points, predicted: largest + Math.log(squares / points) / 2 })),
  };
}
