import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Term } from '../../../study/statistics/index.js';

/** Numbers that R printed; see test/fixtures/reference/make_reference.R. */
export interface RReference {
  data: { mpg: number[]; wt: number[]; hp: number[]; qsec: number[]; am: number[] };
  fit: {
    estimates: number[];
    classical: number[];
    hc3: number[];
    hc3P: number[];
    classicalLow: number[];
    classicalHigh: number[];
    classicalP: number[];
    r2: number;
    adjustedR2: number;
    residualStandardError: number;
    f: number;
    fP: number;
    robustF: number;
    robustFP: number;
    leverages: number[];
    residuals: number[];
  };
  partial: { partialR2: number; deltaR2: number; f: number; p: number; robustF: number; robustP: number };
  pearson: { estimate: number; low: number; high: number; p: number };
  spearman: { estimate: number; low: number; high: number; p: number };
  welch: { estimate: number; se: number; df: number; low: number; high: number; t: number; p: number };
  summary: { mean: number; sd: number; quantiles: number[] };
  smooth: { x: number[]; y: number[]; se: number[] };
  logit: {
    estimates: number[];
    standardErrors: number[];
    p: number[];
    logLikelihood: number;
    fitted: number[];
  };
  firth: { y: number[]; x: number[]; z: number[]; estimates: number[]; standardErrors: number[] };
  firthOfMtcars: { estimates: number[]; standardErrors: number[] };
  kendall: { estimate: number; p: number };
  signedRank: { x: number[]; statistic: number; p: number; estimate: number; low: number; high: number };
  rankSum: { statistic: number; p: number; estimate: number; low: number; high: number };
  mcnemar: number;
  adjusted: { p: number[]; holm: number[]; bh: number[] };
  isotonic: { x: number[]; y: number[] };
  bca: { low: number; high: number; estimate: number; standardError: number };
}

/** What statsmodels says of one fit. */
export interface DescribedFit {
  standardErrors: number[];
  pValues: number[];
  low: number[];
  high: number[];
  f: number;
  fP: number;
}

/** Numbers that statsmodels printed; see test/fixtures/reference/make_reference.py. */
export interface StatsmodelsReference {
  stackloss: {
    y: number[];
    terms: Record<string, number[]>;
    estimates: number[];
    classical: DescribedFit;
    HC3: DescribedFit;
  };
  panel: {
    before: number[];
    after: number[];
    treated: boolean[];
    document: number[];
    interaction: number;
    hc2StandardError: number;
    welchP: number;
    cluster: { standardError: number; p: number; low: number; high: number };
  };
  clusters: {
    y: number[];
    right: number[];
    dose: number[];
    other: number[];
    instrument: number[];
    group: number[];
    ols: { estimates: number[] } & DescribedFit;
    logit: {
      estimates: number[];
      standardErrors: number[];
      clustered: number[];
      logLikelihood: number;
      pseudoR2: number;
      effects: number[];
      effectErrors: number[];
      clusteredEffectErrors: number[];
    };
    twoStage: {
      estimate: number;
      standardError: number;
      clustered: number;
      firstStageF: number;
      firstStageFClustered: number;
    };
  };
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference/${name}.json`, import.meta.url), 'utf8'));
}

/** Fails where a number is further than `relative` from the wanted one. */
export function expectClose(got: readonly number[], wanted: readonly number[], relative = 1e-10): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `[${i}] ${value} for ${wanted[i]}`).toBeLessThanOrEqual(
      relative * Math.abs(wanted[i]!),
    );
  });
}

/** Terms of the columns of these names. */
export function columns(data: Record<string, unknown>, names: readonly string[]): Term[] {
  return names.map((name) => ({ name, values: data[name] as number[] }));
}

export const r = read<RReference>('mtcars');
export const statsmodels = read<StatsmodelsReference>('statsmodels');
