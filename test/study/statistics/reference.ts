import { readFileSync } from 'node:fs';

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
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference/${name}.json`, import.meta.url), 'utf8'));
}

export const r = read<RReference>('mtcars');
export const statsmodels = read<StatsmodelsReference>('statsmodels');
