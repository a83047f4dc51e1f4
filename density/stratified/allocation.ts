/** How one query's points are dealt out, those of all workers. */
export interface Allocation {
  /** Tiles in bins below this are the near field, which is summed whole. */
  nearBins: number;
  /** The band that a list in a bin is in, but for its tiles of the near field. */
  bandOfBin: Uint8Array;
  bands: readonly Band[];
}

/** Lists with like predictions, but for their tiles of the near field. */
export interface Band {
  /** Of each of their points the chance to be drawn from its list; 0 for the far field, whose sample goes over all lists. */
  rate: number;
  points: number;
  /** log √E[K²] over the points, nats, relative to the smallest code; −∞ where there are none. */
  predicted: number;
}

/** Codes are told apart over so many steps from the smallest; what lies beyond is in the last bin. */
export const BINS = 1024;

/** Shares of the budget. */
const NEAR = 0.4;
/** What is near, but not nearest, is drawn from at these rates. */
const MIDDLE = [
  { rate: 1 / 4, share: 0.2 },
  { rate: 1 / 16, share: 0.2 },
] as const;
/** The sample of the far field has the rest, and at least so many rows. */
const FAR = 0.2;
const FAR_ROWS = 256;
/** Bands of each rate, and of the far field. */
const MIDDLE_BANDS = 6;
const FAR_BANDS = 16;
/** Fewer rows than this, as they are expected, are not drawn: there may be none. */
const LEAST_ROWS = 24;
/** Each band has so many times the points of the one before. */
const GROWTH = 1.5;

/** How many rows a query may cost, dealt out. */
export interface Spend {
  near: number;
  middle: readonly { rate: number; rows: number }[];
  far: number;
}

/**
 * Deals rows out to the parts of a query's field.
 *
 * @param rows how many there are
 * @param whole of these, points that are summed whatever is predicted
 * @param all points in all
 */
export function spend(rows: number, whole: number, all: number): Spend {
  if (rows >= all) return { near: all - whole, middle: [], far: 0 };
  const drawn = Math.max(0, rows - whole);
  const far = Math.min(rows, Math.ceil(Math.max(FAR * drawn, Math.min(FAR_ROWS, rows / 2))));
  const rest = Math.max(0, drawn - far) / (1 - FAR);
  return {
    near: NEAR * rest,
    middle: MIDDLE.map(({ rate, share }) => ({ rate, rows: share * rest })),
    far,
  };
}

/** What is left of K² in the last bins at least; numbers below the smallest normal one count for 0 where ONNX Runtime has run. */
const LEAST_DECAY = 1e-300;

/** What is left of K² in each bin: exp(−2·step·bin). */
export function decayOf(step: number): Float64Array {
  return Float64Array.from({ length: BINS }, (_, bin) => Math.max(LEAST_DECAY, Math.exp(-2 * step * bin)));
}

/**
 * How many bins from the nearest on there are points for.
 *
 * @param points in each bin
 */
export function binsWithin(points: Float64Array, most: number, from = 0): number {
  let [bin, sum] = [from, 0];
  while (bin < points.length && sum + points[bin]! <= most) sum += points[bin++]!;
  return bin;
}

/**
 * Cuts the lists of a query, but for its near field, into bands: those that are predicted to weigh most, point for point, are drawn from
 * at the highest rate. Bands have the same numbers for all queries, so that theirs can be compared; some are empty.
 *
 * @param points of lists by bin
 * @param farRate the chance of every point to be in the sample of the far field
 * @param decay exp(−2·step·bin) of each bin, what is left of K² there
 */
export function allocate(
  points: Float64Array,
  nearBins: number,
  { middle, farRate }: { middle: Spend['middle']; farRate: number },
  decay: Float64Array,
): Allocation {
  const bandOfBin = new Uint8Array(points.length);
  const bands: Band[] = [];
  const sumWithin = (from: number, to: number) =>
    points.subarray(from, to).reduce((sum, count) => sum + count, 0);
  const parts: { rate: number; from: number; to: number }[] = [];
  let from = 0;
  for (const { rate, rows } of middle) {
    const within = binsWithin(points, rows / rate, from);
    const to = rate * sumWithin(from, within) < LEAST_ROWS ? from : within;
    parts.push({ rate, from, to });
    from = to;
  }
  // Too few are left for the far field's sample to meet any of them.
  const isMissed = farRate * sumWithin(from, points.length) < LEAST_ROWS;
  const last = parts.findLast((part) => part.to > part.from);
  if (isMissed && last) last.to = from = points.length;
  for (const part of parts) cut(part.from, part.to, MIDDLE_BANDS, part.rate);
  cut(from, points.length, FAR_BANDS, 0);
  return { nearBins, bandOfBin, bands };

  function cut(first: number, end: number, count: number, rate: number): void {
    let total = 0;
    for (let bin = first; bin < end; bin++) total += points[bin]!;
    const smallest = (total * (GROWTH - 1)) / (GROWTH ** count - 1);
    const sums = Array.from({ length: count }, () => ({ points: 0, squares: 0 }));
    let [band, seen] = [0, 0];
    for (let bin = first; bin < end; bin++) {
      while (band < count - 1 && seen >= (smallest * (GROWTH ** (band + 1) - 1)) / (GROWTH - 1)) band++;
      bandOfBin[bin] = bands.length + band;
      sums[band]!.points += points[bin]!;
      sums[band]!.squares += points[bin]! * decay[bin]!;
      seen += points[bin]!;
    }
    for (const { points, squares } of sums)
      bands.push({
        rate,
        points,
        predicted: points > 0 ? Math.log(squares / points) / 2 : Number.NEGATIVE_INFINITY,
      });
  }
}
