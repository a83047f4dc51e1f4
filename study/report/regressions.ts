import { rollup } from 'd3';
import {
  benjaminiHochberg,
  type Correlation,
  compareOutOfSample,
  type Coefficient as FitCoefficient,
  leastSquares,
  type OutOfSampleComparison,
  outOfSampleR2,
  partialR2,
  pearson,
  spearman,
  type Term,
} from '../statistics/index.js';
import type { Coefficient, Estimate, Regression } from './report.js';

/** One query as the regressions see it. */
export interface Observation {
  id: number;
  kind: string;
  document: string;
  log10Density: number;
  /** nats a token */
  loss: number;
  /** Length, digits and the baselines, by name: the same in every observation. */
  controls: Record<string, number>;
}

/** Fewer queries than this are described and not regressed. */
const FEWEST = 20;
const ALL = 'all';
const DENSITY = 'log10_density';

/** Settings of the regressions of one measurement. */
export interface RegressionSettings {
  kernel: string;
  bandwidth: number;
  folds: number;
  seed: number;
}

/** Regresses loss on log10 density over all queries and over each kind that has enough of them, and losses that differ. */
export function regressions(
  observations: readonly Observation[],
  settings: RegressionSettings,
): Regression[] {
  const kinds = [...new Set(observations.map(({ kind }) => kind))];
  const groups: [string, readonly Observation[]][] = [[ALL, observations]];
  if (kinds.length > 1) {
    for (const kind of kinds) groups.push([kind, observations.filter((one) => one.kind === kind)]);
  }
  return groups
    .filter(([, rows]) => rows.length >= FEWEST && new Set(rows.map(({ loss }) => loss)).size > 1)
    .map(([name, rows]) => regress(name, rows, settings));
}

/** Adjusts the p of density's slopes, beside the controls, for how many regressions there are. */
export function adjusted(all: readonly Regression[]): Regression[] {
  const pValues = all.map(({ controlled }) => slopeOf(controlled?.coefficients)?.pValue ?? null);
  const known = pValues.filter((p) => p !== null);
  const corrected = benjaminiHochberg(known);
  return all.map((regression, i) => {
    const at = pValues.slice(0, i).filter((p) => p !== null).length;
    return { ...regression, adjustedPValue: pValues[i] === null ? null : corrected[at]! };
  });
}

function slopeOf(coefficients: readonly Coefficient[] | undefined): Coefficient | undefined {
  return coefficients?.find(({ name }) => name === DENSITY);
}

function regress(queries: string, rows: readonly Observation[], settings: RegressionSettings): Regression {
  const { kernel, bandwidth, seed } = settings;
  const loss = rows.map((row) => row.loss);
  const density: Term = { name: DENSITY, values: rows.map((row) => row.log10Density) };
  const given = Object.keys(rows[0]!.controls).map((name) => ({
    name,
    values: rows.map((row) => row.controls[name]!),
  }));
  const controls = given.filter(({ values }) => !isOfOneRow(values));
  const documents = rows.map(({ document }) => document);
  const folds = Math.min(settings.folds, new Set(documents).size);
  const validation = { folds, groups: documents, seed };
  const plain = leastSquares(loss, [density]);
  const full = leastSquares(loss, [...controls, density]);
  const compared = folds < 2 ? null : compareOutOfSample(loss, controls, [density], validation);
  return {
    kernel,
    bandwidth,
    queries,
    n: rows.length,
    adjustedPValue: null,
    pearson: estimateFrom(pearson(density.values, loss), "Pearson's r, t test"),
    spearman: estimateFrom(spearman(density.values, loss), "Spearman's ρ, t test"),
    plain: {
      coefficients: plain.coefficients.map(coefficientFrom),
      r2: plain.r2,
      outOfSampleR2: folds < 2 ? null : outOfSampleR2(loss, [density], validation).r2,
    },
    controlled: {
      controls: controls.map(({ name }) => name),
      coefficients: full.coefficients.map(coefficientFrom),
      r2: full.r2,
      outOfSampleR2: compared ? compared.full.r2 : null,
      controlsOutOfSampleR2: compared ? compared.controls.r2 : null,
      outOfSampleGain: compared ? gainFrom(compared, folds) : null,
      partialR2: partialR2(loss, controls, [density]).partialR2,
      dropped: [...given.filter((one) => !controls.includes(one)), ...full.dropped].map(({ name }) => name),
    },
  };
}

/** Whether a column says something of one row alone, which would then have no error of its own. */
function isOfOneRow(values: readonly number[]): boolean {
  const counts = [
    ...rollup(
      values,
      (rows) => rows.length,
      (value) => value,
    ).values(),
  ];
  return counts.length === 2 && Math.min(...counts) === 1;
}

function gainFrom({ difference, low, high, pValue }: OutOfSampleComparison, folds: number): Estimate {
  return {
    estimate: difference,
    low,
    high,
    pValue,
    method: `${folds}-fold cross-validation by document, paired t`,
  };
}

function coefficientFrom({ name, estimate, standardError, low, high, pValue }: FitCoefficient): Coefficient {
  return { name, estimate, standardError, low, high, pValue };
}

function estimateFrom({ estimate, low, high, pValue }: Correlation, method: string): Estimate | null {
  if (estimate === null || low === null || high === null || pValue === null) return null;
  return { estimate, low, high, pValue, method };
}
