import type { Database } from 'better-sqlite3';

/** The densities of a sample of training points in the rest of the training data, by which others can be read. */
export interface Calibration {
  corpora: string[];
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  /** Points that the sample was compared with. */
  points: number;
  /** One a sampled point, ascending. */
  log10Densities: number[];
}

/** Keeps a calibration in the place of the one of these corpora and this kernel. */
export function replaceCalibration(db: Database, calibration: Calibration): Calibration {
  db.prepare(
    `INSERT OR REPLACE INTO calibrations (corpora, kernel, bandwidth, bandwidth_rule, points, log10_densities)
     VALUES (@corpora, @kernel, @bandwidth, @bandwidthRule, @points, @log10Densities)`,
  ).run({
    ...calibration,
    corpora: keyOf(calibration.corpora),
    log10Densities: JSON.stringify(calibration.log10Densities),
  });
  return calibration;
}

/** The calibration of these corpora, in any order, and a kernel; or undefined. */
export function calibrationOf(
  db: Database,
  corpora: readonly string[],
  kernel: string,
): Calibration | undefined {
  const row = db
    .prepare<
      [string, string],
      Omit<Calibration, 'corpora' | 'log10Densities'> & { corpora: string; log10Densities: string }
    >(
      `SELECT corpora, kernel, bandwidth, bandwidth_rule AS bandwidthRule, points, log10_densities AS log10Densities
       FROM calibrations WHERE corpora = ? AND kernel = ?`,
    )
    .get(keyOf(corpora), kernel);
  return row && { ...row, corpora: JSON.parse(row.corpora), log10Densities: JSON.parse(row.log10Densities) };
}

/** The share of the sampled training points that are less dense than this; ties count half. */
export function percentileIn({ log10Densities }: Calibration, log10Density: number): number {
  const below = log10Densities.filter((density) => density < log10Density).length;
  const equal = log10Densities.filter((density) => density === log10Density).length;
  return (below + equal / 2) / log10Densities.length;
}

const keyOf = (corpora: readonly string[]) => JSON.stringify([...corpora].sort());
