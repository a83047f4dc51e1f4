import type { Covariate } from '../../store/index.js';
import { holm, leastSquares, sharedDesign, type Term } from '../statistics/index.js';
import { standardised } from './headline.js';
import { densityTerm, type Observations } from './observations.js';
import { type Estimate, type Slope, slopeFrom } from './slope.js';

/** What density explains of one run's losses, given all controls. */
export interface PanelRun {
  run: string;
  covariates: Record<string, Covariate>;
  /** nats a token */
  meanLoss: number;
  /** Per standard deviation of log10 density. */
  slope: Slope;
  /** p of the slope after Holm's correction for all runs, the declared family. */
  holmPValue: number;
  partialR2: number;
  gain: Estimate;
}

/** How density's slope goes with a covariate of the runs. */
export interface Interaction {
  /** The covariate, `log10 params` where it was taken so. */
  covariate: string;
  /** Change of density's slope for a unit of the covariate, over queries: errors cluster by group, the runs are taken as given. */
  overQueries: Slope;
  /** The same number, from the slopes of the runs: HC3 errors, the queries are taken as given. */
  overRuns: Slope;
  runs: number;
}

/** The same queries scored by many runs. */
export interface Panel {
  runs: PanelRun[];
  interaction: Interaction | null;
}

export interface PanelOptions {
  runs: readonly { name: string; covariates: Record<string, Covariate> }[];
  /** The covariate that density may work with. */
  across: string | null;
  groupBy: 'document' | 'source';
  folds: number;
  seed: number;
}

/**
 * Density's slope in every run, with the interaction of density and a covariate of the runs. As every run has every query, the
 * interaction in a regression with an effect of each run and query is the slope, over queries, of each query's own slope on the
 * covariate; density and every control may each work with the covariate.
 */
export function panelOf(observations: Observations, options: PanelOptions): Panel {
  const { groups, losses, length, baselines } = observations;
  const controls = [...length, ...baselines.map(({ term }) => term)];
  const density = densityTerm(standardised(observations.log10Density));
  const folds = Math.min(options.folds, new Set(groups).size);
  const design = sharedDesign([...controls, density], { folds, groups, seed: options.seed });
  if (!design) throw new RangeError(`${density.name} is constant or a combination of the controls`);
  const fitted = options.runs.flatMap(({ name, covariates }, r) => {
    const loss = losses[r]!;
    const fit = design.fit(loss);
    if (!fit) return [];
    const { slope, partialR2, outOfSample } = fit;
    const meanLoss = loss.reduce((sum, value) => sum + value, 0) / loss.length;
    const { estimate, low, high, pValue } = outOfSample!.gain;
    const method = `${folds}-fold cross-validation by ${options.groupBy}, paired t`;
    return [
      { run: name, covariates, meanLoss, slope, partialR2, gain: { estimate, low, high, pValue, method } },
    ];
  });
  const adjusted = holm(fitted.map(({ slope }) => slope.pValue));
  const runs = fitted.map((run, r) => ({ ...run, holmPValue: adjusted[r]! }));
  const scale = options.across === null ? null : scaleOf(options.across, options.runs);
  return { runs, interaction: scale && interactionOf(observations, scale, runs, [...controls, density]) };
}

interface Scale {
  covariate: string;
  values: number[];
}

/** A covariate's values; in powers of ten where all are above 0 and the largest is ten times the smallest. Null unless three differ. */
function scaleOf(covariate: string, runs: PanelOptions['runs']): Scale | null {
  const values = runs.map(({ covariates }) => covariates[covariate]);
  if (!values.every((value) => typeof value === 'number') || new Set(values).size < 3) return null;
  const isWide = Math.min(...values) > 0 && Math.max(...values) >= 10 * Math.min(...values);
  return isWide ? { covariate: `log10 ${covariate}`, values: values.map(Math.log10) } : { covariate, values };
}

function interactionOf(
  { losses, groups, queries }: Observations,
  { covariate, values }: Scale,
  runs: readonly PanelRun[],
  terms: readonly Term[],
): Interaction | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const ownSlopes = Float64Array.from(queries, (_, q) =>
    values.reduce((sum, value, r) => sum + ((value - mean) * losses[r]![q]!) / spread, 0),
  );
  const density = terms.at(-1)!;
  const slopes = runs.map(({ slope }) => slope.estimate);
  if (new Set(slopes).size < 2) return null;
  const overRuns = leastSquares(slopes, [{ name: covariate, values }]);
  return {
    ...{ covariate, runs: runs.length, overRuns: slopeFrom(overRuns, covariate) },
    overQueries: slopeFrom(leastSquares(ownSlopes, terms, { groups }), density.name),
  };
}
