import { UsageError } from '../store/index.js';
import { abacus } from './abacus.js';
import type { Experiment } from './experiment.js';
import { gemstones } from './gemstones.js';
import { genqa } from './genqa.js';
import { goldfish } from './goldfish.js';
import { leak } from './leak.js';
import { memorization } from './memorization.js';
import { neftune } from './neftune.js';
import { recurrentDepth } from './recurrent-depth.js';
import { topK } from './top-k.js';

/** All experiments. */
export const EXPERIMENTS: readonly Experiment[] = [
  leak,
  goldfish,
  memorization,
  recurrentDepth,
  abacus,
  topK,
  neftune,
  gemstones,
  genqa,
];

/** @throws UsageError for a name that no experiment has */
export function experimentNamed(name: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.name === name);
  if (found) return found;
  throw new UsageError(
    `There is no experiment "${name}"; there are: ${EXPERIMENTS.map((one) => one.name).join(', ')}.`,
  );
}
