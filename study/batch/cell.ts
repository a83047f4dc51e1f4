/** One regression of a batch: a run's metric on the density of one measurement, by one model. */
export interface Cell {
  querySet: string;
  run: string;
  metric: string;
  /** Of the metric. */
  unit: string;
  kernel: string;
  bandwidth: number;
  model: string;
  n: number;
  groups: number;
  /** Of the metric, over the rows. */
  mean: number;
  /** Units of the metric for ten times the density, with cluster-robust (CR1) errors; in ranks, of ranks. */
  slope: number;
  slopeError: number;
  slopeLow: number;
  slopeHigh: number;
  pValue: number;
  /** After Benjamini and Hochberg's correction for all cells of the batch. */
  adjustedPValue: number;
  r2: number;
  partialR2: number;
  /** Out-of-sample R² without and with density, whole groups held out; null with one group. */
  controlsOutOfSampleR2: number | null;
  outOfSampleR2: number | null;
  gain: number | null;
  gainLow: number | null;
  gainHigh: number | null;
  gainPValue: number | null;
}

/** A cell before its p is corrected for all the others. */
export type UncorrectedCell = Omit<Cell, 'adjustedPValue'>;
