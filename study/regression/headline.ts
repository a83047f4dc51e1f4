import { deviation, mean, randomLcg, shuffler } from 'd3';
import {
  compareOutOfSample,
  leastSquares,
  logistic,
  partialR2,
  reliability,
  smallestEffect,
  type Term,
  wildClusterTest,
} from '../statistics/index.js';
import { densityTerm, type Observations } from './observations.js';
import { type Estimate, gainFrom, type Slope, slopeFrom } from './slope.js';

/** A set of controls, and what density adds to it. */
export interface NestedModel {
  /** What density is added to, in words. */
  name: string;
  terms: string[];
  /** Out-of-sample R² without and with density. */
  r2: number;
  r2WithDensity: number;
  gain: Estimate;
}

/** Density that should explain nothing, in the place of density. */
export interface NegativeControl {
  name: string;
  /** What it is, in words. */
  what: string;
  slope: Slope;
  gain: Estimate;
}

/** How far density explains loss beyond what else is known of a text, and how sure that is. */
export interface Headline {
  /** What is explained: loss, nats a token, of this run or the mean of these. */
  outcome: string;
  n: number;
  /** Queries without an outcome or a control, which are left out. */
  left: number;
  groups: number;
  groupBy: 'document' | 'source';
  folds: number;
  models: NestedModel[];
  /** Per standard deviation of log10 density, given all controls; errors cluster by group. */
  slope: Slope;
  /** Of the same slope by the wild cluster bootstrap; null with 40 groups or more. */
  wildPValue: number | null;
  partialR2: number;
  negativeControls: NegativeControl[];
  /** The smallest partial R² that this many groups find 4 times in 5. */
  smallestPartialR2: number;
  /** Where densities were estimated: how much of their spread is their own, and the slope without the attenuation. */
  reliability: { ratio: number; slope: number } | null;
  /** Change in the chance of a right answer for a standard deviation of log10 density; null where answers are not known. */
  accuracy: { effect: Slope; method: string } | null;
}

export interface HeadlineOptions {
  outcome: string;
  groupBy: 'document' | 'source';
  folds: number;
  seed: number;
  /** Densities that should explain nothing, by query id. */
  controls: readonly { name: string; what: string; log10Density: ReadonlyMap<number, number> }[];
}

/** With fewer groups than this, cluster-robust t is too sure. */
const FEW_GROUPS = 40;

/**
 * Explains the mean loss of the runs by length, the baselines that density has to beat, and density: nested models out of sample, with whole
 * groups held out; negative controls in density's place; and the slope with cluster-robust errors.
 *
 * @throws RangeError for too few queries or groups, or a loss or density that is the same everywhere
 */
export function headlineOf(observations: Observations, options: HeadlineOptions): Headline {
  const { loss, groups, length, baselines, queries } = observations;
  const { seed } = options;
  const groupCount = new Set(groups).size;
  const folds = Math.min(options.folds, groupCount);
  const validation = { folds, groups, seed };
  const all = [...length, ...baselines.map(({ term }) => term)];
  const density = densityTerm(standardised(observations.log10Density));
  const gainOf = (controls: readonly Term[], added: Term) => {
    const compared = compareOutOfSample(loss, controls, [added], validation);
    return { compared, gain: gainFrom(compared, folds, options.groupBy) };
  };
  const sets = [
    { name: 'length', terms: length },
    ...baselines.map(({ name, term }) => ({ name: `length and ${name}`, terms: [...length, term] })),
    ...(baselines.length > 1 ? [{ name: 'all of these', terms: all }] : []),
  ];
  const inPlace = (name: string, what: string, values: ArrayLike<number>): NegativeControl => {
    const placebo = densityTerm(standardised(values));
    return { name, what, slope: slopeWith(observations, all, placebo), gain: gainOf(all, placebo).gain };
  };
  const order = shuffler(seeded(seed))([...queries.keys()]);
  const used = partialR2(loss, all, [density]);
  return {
    ...{ outcome: options.outcome, n: queries.length, left: observations.left, groups: groupCount },
    ...{ groupBy: options.groupBy, folds },
    models: sets.map(({ name, terms }) => {
      const { compared, gain } = gainOf(terms, density);
      return {
        name,
        terms: terms.map((term) => term.name),
        ...{ r2: compared.controls.r2, r2WithDensity: compared.full.r2, gain },
      };
    }),
    slope: slopeWith(observations, all, density),
    wildPValue:
      groupCount < FEW_GROUPS
        ? wildClusterTest(loss, [...all, density], density.name, groups, { seed }).pValue
        : null,
    partialR2: used.partialR2,
    negativeControls: [
      inPlace(
        'permuted',
        'the densities of the same queries, dealt out to them at random',
        order.map((q) => observations.log10Density[q]!),
      ),
      ...options.controls.map(({ name, what, log10Density }) =>
        inPlace(
          name,
          what,
          queries.map(({ id }) => log10Density.get(id)!),
        ),
      ),
    ],
    smallestPartialR2: smallestEffect(groupCount, {
      controls: Math.min(all.length, Math.max(0, groupCount - 5)),
    }).partialR2,
    reliability: reliabilityOf(observations, all),
    accuracy: accuracyOf(observations, all, density),
  };
}

/** The slope of a term beside the controls, with errors that cluster by group. */
export function slopeWith(
  { loss, groups }: Pick<Observations, 'loss' | 'groups'>,
  controls: readonly Term[],
  term: Term,
): Slope {
  return slopeFrom(leastSquares(loss, [...controls, term], { groups }), term.name);
}

/** Values in standard deviations from their mean; throws RangeError where they do not vary. */
export function standardised(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const [centre, spread] = [mean(all)!, deviation(all)!];
  if (!(spread > 0)) {
    throw new RangeError('log10 density is the same at every query: there is nothing to explain by it');
  }
  return all.map((value) => (value - centre) / spread);
}

function reliabilityOf({ loss, log10Density, densityErrors }: Observations, controls: readonly Term[]) {
  if (densityErrors.every((error) => error === 0)) return null;
  const { ratio, corrected } = reliability(loss, densityTerm(log10Density), densityErrors, controls);
  return { ratio, slope: corrected * deviation(log10Density)! };
}

function accuracyOf(
  { correct, groups }: Observations,
  controls: readonly Term[],
  density: Term,
): Headline['accuracy'] {
  if (!correct || correct.every((value) => value === correct[0])) return null;
  const { marginalEffects, method } = logistic(correct, [...controls, density], { groups });
  const found = marginalEffects.find(({ name }) => name === density.name);
  if (!found) return null;
  const { effect, standardError, low, high, pValue } = found;
  return { effect: { estimate: effect, standardError, low, high, pValue }, method };
}

function seeded(seed: number): () => number {
  const random = randomLcg(seed);
  random();
  return random;
}
