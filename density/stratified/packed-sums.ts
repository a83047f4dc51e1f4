import { StratumSums } from './stratum-sums.js';

const FIELDS = 4;

/** Sums without their sources as numbers, for other workers: rows, logs, totals and squares of every stratum. */
export function packSums(all: readonly StratumSums[]): Float64Array {
  const packed = new Float64Array(FIELDS * all.reduce((sum, { sizes }) => sum + sizes.length, 0));
  let at = 0;
  for (const { rows, logs, totals, squares } of all) {
    for (let stratum = 0; stratum < rows.length; stratum++, at += FIELDS)
      packed.set([rows[stratum]!, logs[stratum]!, totals[stratum]!, squares[stratum]!], at);
  }
  return packed;
}

/** The sums that were packed, over the strata of others that are like them. */
export function unpackSums(packed: Float64Array, like: readonly StratumSums[]): StratumSums[] {
  let at = 0;
  return like.map(({ sizes, predicted }) => {
    const sums = new StratumSums(sizes.slice(), predicted, false);
    for (let stratum = 0; stratum < sizes.length; stratum++, at += FIELDS) {
      const [rows, log, total, squares] = packed.subarray(at, at + FIELDS);
      if (rows! > 0) sums.add(stratum, rows!, log!, total!, squares!);
    }
    return sums;
  });
}
