import { randomLcg } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGreedily } from '../../../study/selection/greedy.js';
import type { Candidate } from '../../../study/selection/support.js';

const candidate = (support: readonly (readonly [number, number])[]): Candidate => ({
  document: '',
  source: '',
  support: new Map(support),
  distance: 0,
});

/** Σ w·log(sum) with some of the candidates, less what it is without. */
function utility(
  candidates: readonly Candidate[],
  sums: readonly number[],
  weights: readonly number[],
  chosen: readonly number[],
): number {
  return sums.reduce((total, sum, q) => {
    const added = chosen.reduce((all, c) => all + (candidates[c]!.support.get(q) ?? 0), 0);
    return total + weights[q]! * Math.log1p(added / sum);
  }, 0);
}

/** The same choice without laziness: every gain computed anew for every choice. */
function plainly(
  candidates: readonly Candidate[],
  sums: readonly number[],
  weights: readonly number[],
  count: number,
): number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const now = utility(candidates, sums, weights, chosen);
    const gains = candidates.map((_, c) =>
      chosen.includes(c) ? -1 : utility(candidates, sums, weights, [...chosen, c]) - now,
    );
    const best = gains.indexOf(Math.max(...gains));
    if (!(gains[best]! > 1e-12)) break;
    chosen.push(best);
  }
  return chosen;
}

const random = randomLcg(9);
const QUERIES = 6;
const SUMS = Array.from({ length: QUERIES }, () => 0.1 + 5 * random());
const WEIGHTS = Array.from({ length: QUERIES }, () => 0.5 + random());
const CANDIDATES = Array.from({ length: 12 }, () =>
  candidate(
    Array.from({ length: QUERIES }, (_, q) => [q, random() < 0.5 ? 3 * random() : 0] as const).filter(
      ([, k]) => k > 0,
    ),
  ),
);

describe('chooseGreedily', () => {
  it('chooses what plain greedy does, and says what each adds', () => {
    const chosen = chooseGreedily(CANDIDATES, { sums: SUMS, weights: WEIGHTS }, 8);
    expect(chosen.map((one) => one.candidate)).toEqual(plainly(CANDIDATES, SUMS, WEIGHTS, 8));
    const total = chosen.reduce((sum, { gain }) => sum + gain, 0);
    expect(total).toBeCloseTo(
      utility(
        CANDIDATES,
        SUMS,
        WEIGHTS,
        chosen.map((one) => one.candidate),
      ),
      10,
    );
    const gains = chosen.map(({ gain }) => gain);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  });

  it('reaches 1 − 1/e of the best choice, on any supports', () => {
    const supports = fc.array(
      fc.array(fc.float({ min: 0, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 }),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(supports, (rows) => {
        const candidates = rows.map((row) => candidate(row.map((k, q) => [q, k] as const)));
        const [sums, weights] = [
          [1, 0.2, 3],
          [1, 2, 1],
        ];
        const chosen = chooseGreedily(candidates, { sums, weights }, 3).map((one) => one.candidate);
        let best = 0;
        for (let mask = 0; mask < 2 ** candidates.length; mask++) {
          const some = [...candidates.keys()].filter((c) => mask & (1 << c));
          if (some.length <= 3) best = Math.max(best, utility(candidates, sums, weights, some));
        }
        expect(utility(candidates, sums, weights, chosen)).toBeGreaterThanOrEqual(
          (1 - 1 / Math.E) * best - 1e-9,
        );
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('takes another rather than the same again, and stops where nothing is added', () => {
    const twins = [candidate([[0, 5]]), candidate([[0, 5]]), candidate([[1, 4]]), candidate([])];
    const chosen = chooseGreedily(twins, { sums: [1, 1], weights: [1, 1] }, 4);
    expect(chosen.map((one) => one.candidate)).toEqual([0, 2, 1]);
    expect(chooseGreedily(twins, { sums: [1, 1], weights: [0, 0] }, 4)).toEqual([]);
  });
});
