import { rollup } from 'd3';
import { midRanks, type Term } from '../statistics/index.js';
import type { Observed } from './observed.js';

/** How a regression model sees the rows. */
export interface Model {
  name: string;
  /** Names of the controls beside density. */
  controls(observed: Observed): readonly string[];
  /** What becomes of every column, and of the outcome. */
  transform?(values: Float64Array, groups: readonly string[]): Float64Array;
}

const length = ({ length: names }: Observed) => names;
const beside = (baseline: string) => (observed: Observed) => {
  const found = observed.baselines.find(({ name }) => name === baseline);
  return found ? [...observed.length, found.control] : observed.length;
};
const all = (observed: Observed) => [...observed.length, ...observed.baselines.map(({ control }) => control)];

/** The models of a batch: density alone, and beside ever more of what it has to beat. */
export const MODELS: readonly Model[] = [
  { name: 'density', controls: () => [] },
  { name: 'length', controls: length },
  { name: 'length, word frequency', controls: beside('word frequency') },
  { name: 'length, n-gram overlap', controls: beside('n-gram overlap') },
  { name: 'length, nearest text', controls: beside('nearest text') },
  { name: 'all controls', controls: all },
  { name: 'all controls, within groups', controls: all, transform: withinGroups },
  { name: 'all controls, in ranks', controls: all, transform: inRanks },
];

/** The name of the model that reports speak of. */
export const ALL_CONTROLS = 'all controls';

/** Values less the mean of their group: what is left are differences within groups. */
function withinGroups(values: Float64Array, groups: readonly string[]): Float64Array {
  const means = rollup(
    groups.keys(),
    (rows) => rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length,
    (i) => groups[i]!,
  );
  return values.map((value, i) => value - means.get(groups[i]!)!);
}

/** Mid-ranks over their number, in (0, 1]. */
function inRanks(values: Float64Array): Float64Array {
  return midRanks(values).map((rank) => rank / values.length);
}

/** Columns as a model sees them; a constant one is left as it is, for the design to drop. */
export function transformed(model: Model, terms: readonly Term[], groups: readonly string[]): Term[] {
  const { transform } = model;
  if (!transform) return [...terms];
  return terms.map(({ name, values }) => ({ name, values: transform(Float64Array.from(values), groups) }));
}
