import { type Command, InvalidArgumentError } from 'commander';
import type { EstimatorChoice, EstimatorLimits, GivenBandwidth } from '../density/index.js';
import { choice, number } from './common-options.js';

/** The estimators that can be chosen, in words; here so that --help need not load what computes them. */
const ESTIMATORS: Record<EstimatorChoice['name'], string> = {
  auto: 'exact where that takes a few seconds, else stratified (the default)',
  exact: 'all points',
  int8: 'all points, rounded to 8 bits: faster than exact, with an interval',
  stratified: 'draws from the lists of clustered corpora (see densimeter cluster), most from where most is',
  deann: 'nearest neighbours and a random sample (Karppa et al. 2022), for comparison',
  rsp: 'a random sample, for comparison',
};

/** How a density is estimated and at what cost. */
export interface EstimatorOptions {
  estimator?: EstimatorChoice['name'];
  relError?: number;
  budget?: number;
}

/** Adds the options that choose an estimator. */
export function withEstimatorOptions(command: Command): Command {
  const names = Object.keys(ESTIMATORS) as EstimatorChoice['name'][];
  const words = names.map((name) => `${name}: ${ESTIMATORS[name]}`).join('; ');
  return command
    .option('--estimator <name>', words, choice(...names))
    .option(
      '--rel-error <share>',
      'estimators that draw stop where the 95% interval is the density ± this share of it: 0.05',
      number,
    )
    .option('--budget <share>', 'share of the points that they may look at, for each text: 0.02', number);
}

/** The limits among the options, by their names in the engine. */
export function limitsOf({ relError, budget }: EstimatorOptions): EstimatorLimits {
  return {
    ...(relError !== undefined && { relativeError: relError }),
    ...(budget !== undefined && { budget }),
  };
}

/** Bandwidths as they are given: the one to measure at, or the rule that finds it, and others for the curve. */
export interface GivenBandwidths {
  chosen: GivenBandwidth;
  others: number[];
}

/** Parses an option that is one or more bandwidths, among them at most one rule, which is then the one chosen. */
export function bandwidthsOrRule(value: string): GivenBandwidths {
  const items = value.split(',').map((item) => item.trim());
  const rules = items.filter((item) => item === 'auto' || item === 'likelihood');
  if (rules.length > 1) throw new InvalidArgumentError('Give at most one of auto and likelihood.');
  const numbers = items.filter((item) => item !== rules[0]).map(positive);
  const [rule] = rules;
  return rule ? { chosen: rule, others: numbers } : { chosen: numbers[0]!, others: numbers.slice(1) };
}

/** Parses an option that is one or more bandwidths. */
export function bandwidths(value: string): number[] {
  return value.split(',').map(positive);
}

function positive(item: string): number {
  const parsed = number(item);
  if (!(parsed > 0)) throw new InvalidArgumentError('A bandwidth is a number above 0.');
  return parsed;
}
