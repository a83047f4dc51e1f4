/** Roundings of every query, evenly spaced, which take turns over the tiles so that their errors cancel. */
export const ROUNDINGS = 32;
const TILE_COLUMNS = 2048;
/** Columns of a tile are a multiple of this, as the integer product takes them. */
const COLUMN_GROUP = 32;
/** Blocks of columns that a tile is divided into, of each of which the nearest point is known. */
export const TILE_BLOCKS = 8;

/** Rows that are shuffled together and dealt to tiles, so that every rounding of a query meets a fair sample of them. */
export interface Stretch {
  firstRow: number;
  rows: number;
  /** A power of 2, so that the roundings that its tiles take are evenly spaced. */
  tiles: number;
  /** Columns of each of its tiles, a multiple of 32. */
  columns: number;
}

/** Divides the rows of a corpus into stretches of about the same size, at most `ROUNDINGS` tiles of 2,048 rows each. */
export function stretchesOf(rows: number): Stretch[] {
  const count = Math.ceil(rows / (ROUNDINGS * TILE_COLUMNS));
  const length = ROUNDINGS * wholeGroups(rows / count / ROUNDINGS);
  return Array.from({ length: Math.ceil(rows / length) }, (_, i) => {
    const firstRow = i * length;
    const inStretch = Math.min(length, rows - firstRow);
    const tiles = Math.min(ROUNDINGS, 2 ** Math.floor(Math.log2(Math.ceil(inStretch / COLUMN_GROUP))));
    return { firstRow, rows: inStretch, tiles, columns: wholeGroups(inStretch / tiles) };
  });
}

/** Which rounding of the queries a tile is multiplied with. */
export function roundingOf(tile: number, { tiles }: Stretch): number {
  return Math.floor((tile * ROUNDINGS) / tiles);
}

function wholeGroups(columns: number): number {
  return COLUMN_GROUP * Math.ceil(Math.ceil(columns) / COLUMN_GROUP);
}
