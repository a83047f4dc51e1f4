import { mean } from 'd3';
import { clusteredMean, leastSquares } from '../study/index.js';
import type { Finding } from './experiment.js';

interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/** Half a 95% interval in standard errors. */
const Z = 1.96;

/** The mean of the seeds' estimates; the interval is from their own, as estimates that are independent. */
export function pooledOverSeeds(
  measure: string,
  condition: string,
  unit: string,
  estimates: readonly Interval[],
): Finding {
  const value = mean(estimates, ({ estimate }) => estimate)!;
  const variance = estimates.reduce((sum, { low, high }) => sum + ((high - low) / (2 * Z)) ** 2, 0);
  const half = (Z * Math.sqrt(variance)) / estimates.length;
  const each = estimates.map(({ estimate }) => estimate.toPrecision(3)).join(', ');
  return {
    measure,
    condition,
    value,
    low: value - half,
    high: value + half,
    unit,
    note: `${estimates.length} seeds: ${each}`,
  };
}

/** The mean of values of which those of a group, a text in several models, vary together. */
export function meanOverGroups(
  measure: string,
  condition: string,
  unit: string,
  values: readonly { group: string; value: number }[],
): Finding {
  const groups = values.map(({ group }) => group);
  const {
    estimate: value,
    low,
    high,
  } = clusteredMean(
    values.map(({ value: one }) => one),
    groups,
  );
  const note = `${values.length} values of ${new Set(groups).size}, clustered t interval`;
  return { measure, condition, value, low, high, unit, note };
}

/** A ratio of sums over groups of values that vary together; its interval is that of its linearisation (Cochran 1977, §6.3). */
export function ratioOverGroups(
  measure: string,
  condition: string,
  unit: string,
  rows: readonly { group: string; part: number; whole: number }[],
): Finding {
  const whole = mean(rows, (row) => row.whole)!;
  const ratio = mean(rows, (row) => row.part)! / whole;
  const values = rows.map((row) => ({
    group: row.group,
    value: ratio + (row.part - ratio * row.whole) / whole,
  }));
  return meanOverGroups(measure, condition, unit, values);
}

/**
 * A share of texts, each of which was judged in several models: Wilson's interval (1927) with as many trials as there are texts, as if the models of a
 * text always agreed.
 */
export function shareOfGroups(
  measure: string,
  condition: string,
  values: readonly { group: string; value: number }[],
): Finding {
  const n = new Set(values.map(({ group }) => group)).size;
  const p = mean(values, ({ value }) => value)!;
  const centre = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  const note = `${values.length} completions of ${n} texts, Wilson interval of the texts`;
  const [low, high] = [Math.max(0, centre - half), Math.min(1, centre + half)];
  return { measure, condition, value: p, low, high, unit: 'share', note };
}

/** A value of a text of known density, in one of several models. */
export interface DensityRow {
  group: string;
  log10Density: number;
  value: number;
}

/** The slope of values on log10 density by least squares, clustered by text; `fixed` are levels, such as lengths, that are held fixed. */
export function slopeOnDensity(
  measure: string,
  condition: string,
  unit: string,
  rows: readonly DensityRow[],
  fixed?: readonly string[],
): Finding {
  const about = { measure, condition, unit: `${unit} for ten times the density` };
  if (rows.every(({ value }) => value === rows[0]!.value))
    return { ...about, value: 0, low: null, high: null, note: `all ${rows.length} values are the same` };
  const levels = [...new Set(fixed)].slice(1);
  const fit = leastSquares(
    rows.map(({ value }) => value),
    [
      { name: 'density', values: rows.map(({ log10Density }) => log10Density) },
      ...levels.map((level) => ({ name: level, values: fixed!.map((one) => Number(one === level)) })),
    ],
    { groups: rows.map(({ group }) => group) },
  );
  const { estimate: value, low, high } = fit.coefficients.find(({ name }) => name === 'density')!;
  return { ...about, value, low, high, note: `least squares over ${rows.length} values, clustered by text` };
}
