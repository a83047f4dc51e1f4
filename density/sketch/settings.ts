import { DataError, UsageError } from '../../store/index.js';

/** What two sketches must have in common to be merged: the hash functions follow from it. */
export interface SketchSettings {
  dims: number;
  /** p: signed random projections of one row, and so the power of the angular kernel. */
  bits: number;
  /** Rows of 2^bits counters, each with a hash function of its own. */
  rows: number;
  seed: number;
  /** What made the vectors; sketches and queries of another fingerprint are refused. */
  embedder?: { name: string; fingerprint: string } | undefined;
}

/** More bits would make rows of more than 64 MB. */
export const MOST_BITS = 24;
/** Fewer rows say too little of their own scatter. */
export const FEWEST_ROWS = 16;
const BYTES_OF_COUNTER = 4;
const MEGABYTE = 2 ** 20;
/** Directions are held in one array. */
const MOST_DIRECTION_BYTES = 2 ** 32;

/** Bytes of a sketch's counters: all that it keeps of the data. */
export function counterBytes({ bits, rows }: Pick<SketchSettings, 'bits' | 'rows'>): number {
  return rows * 2 ** bits * BYTES_OF_COUNTER;
}

/** Bytes of the directions that vectors are projected on; made from the seed, while adding and asking alone. */
export function directionBytes({ dims, bits, rows }: SketchSettings): number {
  return rows * bits * dims * Float32Array.BYTES_PER_ELEMENT;
}

/**
 * As many rows as fit into the memory: rows = megabytes · 2^20 / (2^bits · 4 bytes).
 *
 * @throws UsageError where fewer than 16 rows fit, or `checkSettings` throws
 */
export function settingsForMemory(
  wanted: Omit<SketchSettings, 'rows'> & { megabytes: number },
): SketchSettings {
  const { megabytes, ...settings } = wanted;
  const bytesOfRow = counterBytes({ bits: settings.bits, rows: 1 });
  const rows = Math.floor((megabytes * MEGABYTE) / bytesOfRow);
  checkSettings({ ...settings, rows: Math.max(rows, FEWEST_ROWS) });
  if (!(rows >= FEWEST_ROWS)) {
    const needed = Math.ceil((FEWEST_ROWS * bytesOfRow) / MEGABYTE);
    throw new UsageError(
      `${megabytes} MB hold ${Math.max(0, rows || 0)} rows of 2^${settings.bits} counters, and ${FEWEST_ROWS} are needed to tell the error: give ${needed} MB or more, or fewer bits.`,
    );
  }
  return { ...settings, rows };
}

/** @throws UsageError for settings that no sketch can have */
export function checkSettings(settings: SketchSettings): void {
  const { dims, bits, rows, seed } = settings;
  const whole = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new UsageError(
      `A sketch's ${name} must be a whole number from ${least} to ${most}, not ${value}.${name === 'bits' ? ' More bits make a narrower kernel; the exact and stratified estimators have no such limit.' : ''}`,
    );
  };
  whole('dims', dims, 1, 2 ** 20);
  whole('bits', bits, 1, MOST_BITS);
  whole('rows', rows, 2, 2 ** 31 - 1);
  whole('seed', seed, -(2 ** 31), 2 ** 31 - 1);
  const bytes = directionBytes(settings);
  if (bytes > MOST_DIRECTION_BYTES) {
    throw new UsageError(
      `${rows} rows of ${bits} bits need ${Math.round(bytes / MEGABYTE)} MB of directions beside the counters: give less memory, or more bits.`,
    );
  }
}

/**
 * Refuses sketches whose hash functions differ, or whose vectors two embedders made.
 *
 * @throws DataError that names the setting and both values
 */
export function requireSame(
  ours: Readonly<SketchSettings>,
  theirs: Readonly<Partial<SketchSettings>>,
  which = 'The other sketch',
): void {
  for (const name of ['dims', 'bits', 'rows', 'seed'] as const) {
    if (theirs[name] === undefined || ours[name] === theirs[name]) continue;
    throw new DataError(
      `${which} has ${name} ${theirs[name]}, this one ${ours[name]}: sketches agree only where dims, bits, rows and seed are the same.`,
    );
  }
  const [our, their] = [ours.embedder, theirs.embedder];
  if (our?.fingerprint === their?.fingerprint) return;
  const name = (embedder: typeof our) => {
    return embedder ? `${embedder.name} (${embedder.fingerprint.slice(0, 12)})` : 'an unnamed embedder';
  };
  throw new DataError(
    `${which} is of vectors of ${name(their)}, this one of ${name(our)}: vectors of two embedders cannot be mixed.`,
  );
}
