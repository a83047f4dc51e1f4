import { readFileSync } from 'node:fs';
import type { Term } from '../../../study/statistics/index.js';

/** One of NIST's Statistical Reference Datasets for linear regression, as kept in test/fixtures/nist. */
export interface NistSet {
  name: string;
  degree: number | null;
  columns: string[];
  rows: number[][];
  certified: {
    estimates: number[];
    standardDeviations: number[];
    residualStandardDeviation: number;
    r2: number;
    f?: number;
  };
}

/** Reads a set: y and its terms (the powers of x where the model is a polynomial). */
export function readNist(name: string): { set: NistSet; y: number[]; terms: Term[] } {
  const set: NistSet = JSON.parse(
    readFileSync(new URL(`../../fixtures/nist/${name}.json`, import.meta.url), 'utf8'),
  );
  const y = set.rows.map((row) => row[0]!);
  const terms: Term[] =
    set.degree === null
      ? set.columns
          .slice(1)
          .map((column, j) => ({ name: column, values: set.rows.map((row) => row[j + 1]!) }))
      : Array.from({ length: set.degree }, (_, k) => ({
          name: `x^${k + 1}`,
          values: set.rows.map((row) => row[1]! ** (k + 1)),
        }));
  return { set, y, terms };
}

/** Significant digits to which a number agrees with its certified value: −log10 of the relative error (of the error where 0 is certified), at most 15. */
export function digits(got: number, certified: number): number {
  if (got === certified) return 15;
  if (certified === 0) return Math.min(15, -Math.log10(Math.abs(got)));
  return Math.min(15, -Math.log10(Math.abs(got - certified) / Math.abs(certified)));
}
