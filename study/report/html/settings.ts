import { kernelWords } from '../kernel-words.js';
import type { DensitySettings, Regression, Report } from '../report.js';
import { count, setting } from './format.js';

/** What a density means, in words: kernel, bandwidth and its rule, estimator, n. */
export function densityInWords({
  kernel,
  bandwidth,
  bandwidthRule,
  estimator,
  points,
}: DensitySettings): string {
  return `${kernelWords(kernel)} kernel, h\u00a0=\u00a0${setting(bandwidth)} (${bandwidthRule}), ${estimator} estimator, n\u00a0=\u00a0${count(points)} training points`;
}

/** A kernel with its bandwidth: exponential kernel, h = 0.11. */
export function kernelInWords({ kernel, bandwidth }: Regression): string {
  return `${kernelWords(kernel)} kernel, h\u00a0=\u00a0${setting(bandwidth)}`;
}

/** The kinds of query in the order of the report's summaries, then any others that its points have. */
export function kindsOf(report: Report): string[] {
  return [...new Set([...report.kinds.map(({ kind }) => kind), ...report.queries.map(({ kind }) => kind)])];
}

/** What is explained: the loss of a run, or the mean loss of several. */
export function lossInWords({ run: { name, runs, scorer } }: Pick<Report, 'run'>): string {
  return runs.length > 1
    ? `mean loss of ${count(runs.length)} runs, ${name} (${scorer})`
    : `loss of run ${name} (${scorer})`;
}
