import { randomLcg, randomNormal } from 'd3';
import type { Query } from '../../../store/index.js';
import type { Observations } from '../../../study/regression/index.js';

/** Made observations: loss is 2 + 0.5·frequency + `slope`·density + what a group shares + noise; density goes with frequency. */
export function observed({
  rows = 400,
  groups = 50,
  slope = 0,
  errors = 0,
  runs = 1,
  seed = 1,
} = {}): Observations {
  const normal = randomNormal.source(randomLcg(seed / 1000))();
  const draw = (n: number) => Float64Array.from({ length: n }, () => normal());
  const frequency = draw(rows);
  const truth = draw(rows).map((value, i) => value - 0.7 * frequency[i]!);
  const shared = draw(groups).map((value) => 0.3 * value);
  const group = Array.from({ length: rows }, (_, i) => i % groups);
  const losses = Array.from({ length: runs }, (_, r) =>
    draw(rows).map(
      (noise, i) => 2 + 0.5 * frequency[i]! + slope * (1 + r) * truth[i]! + shared[group[i]!]! + 0.5 * noise,
    ),
  );
  const noise = draw(rows);
  return {
    queries: group.map((g, id) => ({ id, document: `d${g}`, source: `s${g}`, kind: 'query' }) as Query),
    losses,
    loss: losses[0]!.map((_, i) => losses.reduce((sum, loss) => sum + loss[i]!, 0) / runs),
    correct: null,
    log10Density: truth.map((value, i) => -8 + value + errors * noise[i]!),
    densityErrors: new Float64Array(rows).fill(errors),
    length: [{ name: 'log_words', values: draw(rows) }],
    baselines: [
      { name: 'word frequency', term: { name: 'unigram_cross_entropy', values: frequency } },
      { name: 'nearest text', term: { name: 'nearest_distance', values: draw(rows) } },
    ],
    groups: group.map((g) => `s${g}`),
    left: 0,
  };
}
